"""Each log by itself: how far it was read, and why not further."""

import json
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.sources_read.log_sources import LogSources
from hypercare.target_file.sections.logs import LogSource
from tests.log_sources.log_servers import TOKEN, LokiServer
from tests.standins.fixtures import standin
from tests.standins.frozen_target import NOON, frozen_target

__all__ = ["standin"]


def written(folder, name, *minutes_ago, level="INFO"):
    path = folder / f"{name}.jsonl"
    lines = [
        {"at": (NOON - timedelta(minutes=ago)).isoformat(), "level": level, "message": f"line {ago} of {name}"}
        for ago in sorted(minutes_ago, reverse=True)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def read(folder, *sources, holds="application"):
    target = frozen_target(folder, logs=sources)
    return LogSources(target, Logs(target)).read(holds, target.unreviewed)


def source(folder, name, *minutes_ago, holds="application", level="INFO", **settings):
    return LogSource(name=name, path=written(folder, name, *minutes_ago, level=level), holds=holds, **settings)


def test_a_log_that_is_written_was_read_up_to_now(tmp_path):
    found = read(tmp_path, source(tmp_path, "app", *range(1, 120, 10), silent_after=timedelta(hours=1)))
    assert (found.lines, found.errors, found.behind().count) == (12, 0, 0)
    assert found.sources[0].newest == NOON - timedelta(minutes=1)


def test_errors_of_each_log_are_its_own(tmp_path):
    found = read(tmp_path, source(tmp_path, "one", 5, level="ERROR"), source(tmp_path, "two", *range(1, 60, 5)))
    assert [(one.name, one.errors) for one in found.sources] == [("one", 1), ("two", 0)]


@pytest.mark.parametrize(("ago", "behind"), [(50, 0), (70, 1)])
def test_a_log_is_behind_when_it_is_silent_for_longer_than_it_may(tmp_path, ago, behind):
    spoke = range(ago, 200, 10)
    found = read(tmp_path, source(tmp_path, "app", *spoke, silent_after=timedelta(hours=1)))
    assert found.behind().count == behind


def test_one_log_that_is_gone_is_told_and_the_others_are_read(tmp_path):
    gone = LogSource(name="gone", path=tmp_path / "gone.jsonl")
    found = read(tmp_path, gone, source(tmp_path, "app", *range(1, 120, 10), level="ERROR"))
    assert [(one.name, bool(one.trouble)) for one in found.sources] == [("gone", True), ("app", False)]
    assert [(one.lines, one.errors) for one in found.sources] == [(0, None), (12, 12)]
    assert (found.behind().of, found.lines, found.errors) == (2, 12, 12)


def test_of_logs_that_cannot_be_read_there_are_no_figures(tmp_path):
    app = source(tmp_path, "app", *range(1, 120, 10))
    found = read(tmp_path, app, LogSource(name="db", path=tmp_path / "db.jsonl", holds="database"), holds="database")
    assert found.errors is None
    assert (read(tmp_path, app).lines, read(tmp_path, app).errors) == (12, 0)


def test_a_log_of_the_database_in_which_nothing_stands_is_fine(tmp_path):
    app = source(tmp_path, "app", *range(1, 120, 10))
    found = read(tmp_path, app, source(tmp_path, "db", holds="database"), holds="database")
    assert (found.lines, found.behind().count) == (0, 0)
    found.require_understood()


def test_a_log_whose_lines_state_no_time_is_not_covered(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("something happened\n" * 200, encoding="utf-8")
    found = read(tmp_path, LogSource(name="app", path=path, format="text"))
    assert found.behind().count == 0
    with pytest.raises(NotCovered, match="time"):
        found.require_understood()


def test_where_no_such_log_is_named_nothing_is_known(tmp_path):
    with pytest.raises(NotCovered, match="No log of the database"):
        read(tmp_path, source(tmp_path, "app", 5), holds="database")


@pytest.mark.parametrize(("answers", "trouble"), [(True, ""), (False, "cannot be read: ")], ids=["there", "down"])
def test_how_far_a_log_server_was_read_is_told_beside_files(tmp_path, standin, monkeypatch, answers, trouble):
    monkeypatch.setenv("LOG_TOKEN", TOKEN)
    loki = LokiServer(standin)
    loki.say(NOON - timedelta(minutes=7), "the printer is offline", level="error")
    server = LogSource(
        name="server", loki={"url": loki.url, "query": '{app="erp"}', "token": {"env": "LOG_TOKEN"}, "timeout": "2s"}
    )
    if not answers:
        standin.stop()
    found = read(tmp_path, server, source(tmp_path, "app", *range(1, 120, 10)))
    [one, app] = found.sources
    assert one.trouble.startswith(trouble) and bool(one.trouble) == bool(trouble)
    assert (one.errors, one.newest) == ((1, NOON - timedelta(minutes=7)) if answers else (None, None))
    assert (app.name, app.trouble) == ("app", "")


def test_a_log_server_that_refuses_us_is_not_covered(tmp_path, standin, monkeypatch):
    monkeypatch.setenv("LOG_TOKEN", "another")
    loki = LokiServer(standin)
    server = LogSource(name="server", loki={"url": loki.url, "query": '{app="erp"}', "token": {"env": "LOG_TOKEN"}})
    found = read(tmp_path, server)
    assert found.behind().count == 0
    with pytest.raises(NotCovered, match="refuses the token"):
        found.require_understood()


def test_a_quiet_log_server_is_fine_until_it_is_said_for_how_long_it_may_be(tmp_path, standin, monkeypatch):
    monkeypatch.setenv("LOG_TOKEN", TOKEN)
    asked = {"url": LokiServer(standin).url, "query": '{app="erp"}', "token": {"env": "LOG_TOKEN"}}
    app = source(tmp_path, "app", *range(1, 120, 10))
    assert read(tmp_path, LogSource(name="server", loki=asked), app).behind().count == 0
    found = read(tmp_path, LogSource(name="server", loki=asked, silent_after=timedelta(hours=1)), app)
    assert [row["log"] for row in found.behind().sample] == ["server"]
