"""Doctor's word is what a round then says, on targets of several kinds; and each way is told in its own line."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.doctor import doctor
from hypercare.doctor.coverage import coverage_of
from hypercare.plan.checklist import read_checklist
from hypercare.target_file.loading import load_target
from tests.init.accuracy import built

PROJECT = Path(__file__).parents[2]
# Each runs all checks once and a round after it, and whichever is first opens the browser.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
HEAD = '[target]\nname = "Any"\nmode = "{mode}"\n\n[business]\ntimezone = "UTC"\ngo_live = 2026-01-05\n\n'
SALE = """[mapping.sale]
table = "sale_order"
columns = { id = "id", number = "name", branch = "company_id", state = "state", total = "amount_untaxed" }
values.state = { draft = ["draft", "sent"], final = "sale", void = "cancel" }

[mapping.sale_line]
table = "sale_order_line"
columns = { id = "id", sale = "order_id", quantity = "product_uom_qty", amount = "price_subtotal" }
"""  # fmt: skip
CANARY = '[canary]\nbranch = "1"\ncustomer = "X"\nproducts = { stock = "A", made_to_order = "B" }\n\n'


def written(tmp_path, kind):
    file = tmp_path / "target.toml"
    database = f'[database]\nurl = "{built("odoo_like", tmp_path)}"\n\n'
    texts = {
        "nothing": HEAD.format(mode="observe"),
        "database alone": HEAD.format(mode="observe") + database,
        "sales": HEAD.format(mode="observe") + database + SALE,
        "sales with a canary, and an API that nobody knows how to use": HEAD.format(mode="transact")
        + '[api]\nurl = "http://127.0.0.1:9/"\n\n'
        + database
        + CANARY
        + SALE,
        "a log and backups that are not there": HEAD.format(mode="observe")
        + '[[logs]]\nname = "app"\npath = "no.log"\n\n[backups]\ndirectory = "nowhere"\n',
    }
    file.write_text(texts[kind])
    return file


KINDS = (
    "nothing",
    "database alone",
    "sales",
    "sales with a canary, and an API that nobody knows how to use",
    "a log and backups that are not there",
)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_doctor_says_what_a_round_then_says(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("HYPERCARE_NODE", "none")  # nobody reads the reports of these rounds
    target = written(tmp_path, kind)
    told = {item.id: {gap.check for gap in item.gaps if gap.check} for item in coverage_of(target, PROJECT)}
    for item, gaps in not_covered_in_round(target, "evening", tmp_path / "reports").items():
        assert told[item] == gaps, item


def not_covered_in_round(target, chosen, reports):
    """The items of a round, each with its checks that looked at nothing."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--no-retry", f"--round={chosen}"]
    subprocess.run([*command, f"--target={target}", f"--reports={reports}"], cwd=PROJECT, capture_output=True)
    found = {}
    with sqlite3.connect(reports / "history.sqlite") as history:
        tables = [row[0] for row in history.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = next(name for name in tables if "result" in name)
        rows = history.execute(f'SELECT item, "check", outcome FROM {table}').fetchall()
    history.close()
    for item, check, outcome in rows:
        found.setdefault(item, set())
        if outcome == "not covered":
            found[item].add(check)
    assert found
    return found


@pytest.mark.long
def test_each_way_has_its_line_and_what_fails_its_mend(tmp_path):
    target = written(tmp_path, "a log and backups that are not there")
    done = CliRunner().invoke(doctor, ["--target", str(target), "--ways-only", "--json"], standalone_mode=False)
    assert done.return_value == 1
    ways = {one["name"]: one for one in json.loads(done.output)["ways"]}
    assert ways["log app"]["outcome"] == "fails"
    assert ways["log app"]["mend"]
    assert ways["backups"]["outcome"] == "fails"
    assert ways["database"]["outcome"] == "left out"
    assert ways["clock"]["outcome"] == "works"


@pytest.mark.long
@pytest.mark.parametrize(
    ("pattern", "outcome", "says"),
    [
        (r"served (?P<route>\S+) in (?P<duration_ms>\d+) ms", "works", "1 requests since the last round"),
        (
            r"answered (?P<route>\S+)",
            "fails",
            "None of the 1 lines in the log server since then is understood as a request",
        ),
    ],
)
def test_a_pattern_of_a_log_is_tried_on_its_lines(tmp_path, pattern, outcome, says):
    (tmp_path / "server.log").write_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} INFO served /sales in 36 ms\n")
    target = tmp_path / "target.toml"
    log = f'[[logs]]\nname = "server"\npath = "server.log"\nformat = "text"\npattern = \'{pattern}\'\n'
    target.write_text(HEAD.format(mode="observe") + log)
    done = CliRunner().invoke(doctor, ["--target", str(target), "--ways-only", "--json"], standalone_mode=False)
    ways = {one["name"]: one for one in json.loads(done.output)["ways"]}
    assert ways["log server"]["outcome"] == outcome
    assert says in ways["log server"]["says"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("line", "outcome", "says"),
    [
        ("{at:%Y-%m-%d %H:%M:%S} [ERR] stock", "works", "level as word 3 of a line, times as year-month-day, in UTC"),
        (
            '{{"t": "{at:%Y-%m-%dT%H:%M:%SZ}", "PRIORITY": "3", "MESSAGE": "stock"}}',
            "works",
            "PRIORITY on the syslog scale",
        ),
        ("{at:%Y-%m-%d %H:%M:%S} stock posting", "fails", "states a level that is understood"),
        ("{at:%H:%M:%S} [ERR] stock posting", "fails", "states a time that is understood"),
    ],
)
def test_the_doctor_says_how_a_log_is_understood(tmp_path, line, outcome, says):
    (tmp_path / "server.log").write_text(line.format(at=datetime.now(UTC)) + "\n")
    target = tmp_path / "target.toml"
    target.write_text(HEAD.format(mode="observe") + '[[logs]]\nname = "server"\npath = "server.log"\nformat = "text"\n')
    done = CliRunner().invoke(doctor, ["--target", str(target), "--ways-only", "--json"], standalone_mode=False)
    ways = {one["name"]: one for one in json.loads(done.output)["ways"]}
    assert (ways["log server"]["outcome"], says in ways["log server"]["says"]) == (outcome, True)


def test_a_wrong_column_and_a_strange_word_are_told(tmp_path):
    target = written(tmp_path, "sales")
    text = target.read_text().replace('void = "cancel"', 'void = "gone"').replace('"price_subtotal"', '"price_sub"')
    target.write_text(text)
    done = CliRunner().invoke(doctor, ["--target", str(target), "--ways-only", "--json"], standalone_mode=False)
    ways = {one["name"]: one for one in json.loads(done.output)["ways"]}
    assert "'cancel'" in ways["entity sale"]["says"]
    assert ways["entity sale"]["outcome"] == "fails"
    assert "price_sub" in ways["entity sale_line"]["says"]
    assert ways["database read-only"]["outcome"] == "works"


@pytest.mark.long
def test_old_names_in_the_file_are_told_and_fail_nothing(tmp_path):
    target = tmp_path / "target.toml"
    target.write_text(HEAD.format(mode="observe") + '[canary]\nproducts = { retail = "A" }\n')
    (line,) = load_target(target).origin.old_names
    arguments = ["--target", str(target), "--ways-only"]
    in_words = CliRunner().invoke(doctor, arguments, standalone_mode=False)
    as_data = CliRunner().invoke(doctor, [*arguments, "--json"], standalone_mode=False)
    assert in_words.output.splitlines()[0] == f"old   {line}"
    assert json.loads(as_data.stdout)["old_names"] == [line]
    target.write_text(target.read_text().replace("retail", "stock"))
    today = CliRunner().invoke(doctor, arguments, standalone_mode=False)
    assert today.return_value == in_words.return_value == as_data.return_value
    assert "old   " not in today.output


@pytest.mark.long
def test_a_folder_that_is_no_project_has_the_checks_all_the_same(tmp_path):
    told = {item.id: item.covered for item in coverage_of(written(tmp_path, "nothing"), tmp_path)}
    assert told["verify.sales-totals"] == "no"
    assert len(told) == len(list(read_checklist(PROJECT / "checklist.toml").items))


def test_a_file_that_cannot_be_used_ends_with_4(tmp_path):
    target = tmp_path / "bad.toml"
    target.write_text('[target]\nnme = "x"\n')
    command = [sys.executable, "-m", "hypercare", "doctor", "--target", str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 4, done.stderr
