"""Recording: each result once, in one transaction, whatever a target says."""

import inspect
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from hypercare.history import tables
from hypercare.history.store import History, HistoryProblem
from hypercare.operations_model.violations import ViolationQuery
from hypercare.outcome.doubt import doubt_of
from hypercare.outcome.found import Doubt, Found
from hypercare.suite.result_journal import ResultJournal, round_note, rules_version
from tests.history.remembering import NINE, remember, result


def all_of(history, table):
    with history.reading() as connection:
        return connection.execute(select(table)).mappings().all()


def test_a_result_recorded_twice_is_there_once(history):
    remember(history, "r1", result(), result())
    history.record("r1", [result()])
    assert len(all_of(history, tables.results)) == 1


def test_two_ends_of_one_check_are_both_there(history):
    remember(history, "r1", result(), result(outcome="monitor fault", ended="2026-01-15T08:01:01+00:00"))
    assert len(all_of(history, tables.results)) == 2


def test_the_newest_value_of_a_figure_holds_and_one_by_branch_is_json(history):
    remember(history, "r1")
    history.record_figures("r1", {"sales_created": 3, "by_branch": {"N": "10.50"}})
    history.record_figures("r1", {"sales_created": 4})
    assert {row["name"]: row["value"] for row in all_of(history, tables.figures)} == {
        "sales_created": "4",
        "by_branch": '{"N": "10.50"}',
    }


@pytest.mark.parametrize(
    "hostile", ["a\x00b", "half \ud83d of it", "x" * 5000, "'; DROP TABLE results; --", "\x1b[31m", "שלום"]
)
def test_whatever_a_target_says_is_recorded(history, hostile):
    remember(history, "r1", result(sentence=hostile, check=f"test[{hostile}]"))
    (row,) = all_of(history, tables.results)
    assert row["sentence"] == hostile.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")


def test_a_round_is_recorded_with_the_rules_that_it_judges_by(history, tmp_path):
    note = round_note("r1", history.target, "morning", NINE.date(), as_of=NINE, started=NINE)
    ResultJournal(history, tmp_path, note).begin()
    (row,) = all_of(history, tables.rounds)
    assert row["rules"] == rules_version()


def test_a_result_costs_one_transaction(history):
    remember(history, "r1")
    commits = []
    event.listen(history._opened(), "commit", lambda _: commits.append(1))
    history.record("r1", [result("a.b"), result("c.d")])
    assert len(commits) == 1


def test_what_fails_inside_a_transaction_leaves_nothing_behind(history):
    remember(history, "r1")

    class Trouble(Exception):
        pass

    with pytest.raises(Trouble), history.writing():
        history.record("r1", [result()])
        raise Trouble
    assert all_of(history, tables.results) == []
    history.record("r1", [result()])
    assert len(all_of(history, tables.results)) == 1


def test_what_the_database_refuses_is_one_line(history):
    with pytest.raises(HistoryProblem) as problem:
        history.record("no such round", [result()])
    assert len(str(problem.value).splitlines()) == 1


def test_reading_does_not_wait_for_who_writes(history):
    remember(history, "r1")
    other = History(history.url, "shop")
    with history.writing() as connection:
        connection.execute(text("UPDATE rounds SET status = 'issues'"))
        assert other.last_finished_round(NINE.replace(year=2027)) == NINE
    other.close()


@pytest.mark.parametrize("rule", [Found, Doubt, ViolationQuery, doubt_of])
def test_the_version_of_the_rules_covers_whatever_judges(rule: object, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or original(path))
    rules_version.__wrapped__()
    assert Path(inspect.getfile(rule)) in read  # type: ignore[arg-type]
