"""`hypercare probe`, `uptime` and `correct` as they are used."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hypercare.cli import hypercare
from hypercare.escalation.incidents import Incidents
from hypercare.history.opening import open_history
from hypercare.target_file.loading import load_target
from tests.probing.probed_business import NOON, Business
from tests.standins.http_standin import Standin


@pytest.fixture
def business(tmp_path: Path, standin: Standin) -> Business:
    return Business(tmp_path, standin)


def run(business: Business, command: str, *words: str) -> Result:
    return CliRunner().invoke(hypercare, [command, *business.arguments, *words], standalone_mode=False)


def uptime(business: Business, *words: str) -> dict:
    return json.loads(run(business, "uptime", "--json", *words).output)


def test_a_single_look_tells_each_way_and_its_status_says_whether_all_answer(business: Business) -> None:
    well = run(business, "probe")
    assert well.return_value == 0
    assert [line.split()[2:4] for line in well.output.splitlines()] == [["web", "up"], ["api", "up"]]
    assert well.output.startswith("2026-01-15 12:00:00  ")
    business.minute(1)
    business.fails()
    unwell = run(business, "probe")
    assert unwell.return_value == 1
    assert "web down: The web app shows no page to log in on: it answers 503" in unwell.output


def test_what_was_probed_is_the_uptime_with_its_receipts(business: Business) -> None:
    for minute, change in enumerate([business.works, business.works, business.fails, business.fails, business.works]):
        business.minute(minute)
        change()
        run(business, "probe")
    business.minute(5)
    told = uptime(business)
    assert told["seconds"] == {"up": 180, "degraded": 0, "flaky": 0, "down": 120, "maintenance": 0, "unknown": 0}
    assert (told["percent"], told["coverage"], told["naive"], told["checks"]) == (60.0, 100.0, 80.0, 10)
    down = told["intervals"][1]
    assert (down["from"], down["state"], down["seconds"]) == ("2026-01-15T12:02:00+01:00", "down", 120)
    assert down["words"][0].startswith("web: 2 looks of north from 15 Jan 12:02 to 15 Jan 12:03 failed: ")
    assert uptime(business, "--way", "api")["percent"] == 100.0
    words = run(business, "uptime").output
    for said in ("60.000 % of the time", "2026-01-15 12:02 to 2026-01-15 12:04  down, 00:02:00", "would say 80.000 %"):
        assert said in words


def test_a_correction_is_laid_over_and_its_author_stands_on_the_receipt(business: Business) -> None:
    business.fails()
    for minute in range(4):
        business.minute(minute)
        run(business, "probe")
    business.minute(4)
    said = ("--by", "Marta", "--reason", "the firewall kept the prober out")
    first = run(business, "correct", "--from", "2026-01-15T12:01", "--to", "2026-01-15T12:03", "--state", "up", *said)
    assert first.output == "Noted: up from 2026-01-15 12:01 to 2026-01-15 12:03, says Marta.\n"
    found = uptime(business)
    assert (found["percent"], found["seconds"]["down"]) == (50.0, 120)
    corrected = next(one for one in found["intervals"] if one["state"] == "up")
    assert corrected["words"][0].startswith("Marta on 15 Jan 12:04: up from 15 Jan 12:01 to 15 Jan 12:03")
    assert any("looks of north" in words for words in corrected["words"])
    business.minute(5)
    run(business, "correct", "--from", "2026-01-15", "--to", "2026-01-15", "--state", "as-sampled", *said)
    assert uptime(business, "--to", "2026-01-15T12:04")["seconds"]["down"] == 240


def test_two_failures_in_a_row_open_one_incident_and_its_end_is_noticed(business: Business) -> None:
    config = load_target(business.file)
    history = open_history(config, business.folder / "reports")
    opened = []
    for minute, change in enumerate([business.works, business.fails, business.fails, business.fails, business.works]):
        business.minute(minute)
        change()
        run(business, "probe")
        opened.append(len(Incidents(history, config).open()))
    assert opened == [0, 0, 1, 1, 1]
    business.minute(30)
    run(business, "probe")
    assert Incidents(history, config).open() == ()
    (incident,) = Incidents(history, config).all()
    assert incident.items == ("health.web",)
    history.close()


def test_announced_work_opens_no_incident_and_is_not_judged(tmp_path: Path, standin: Standin) -> None:
    work = '\n[[maintenance]]\nname = "new release"\nstart = 2026-01-15T12:00:00\nend = 2026-01-15T12:10:00\n'
    business = Business(tmp_path, standin, work)
    business.fails()
    for minute in range(5):
        business.minute(minute)
        run(business, "probe")
    config = load_target(business.file)
    assert Incidents(open_history(config, tmp_path / "reports"), config).open() == ()
    business.minute(5)
    told = uptime(business)
    assert (told["percent"], told["seconds"]["maintenance"], told["naive"]) == (None, 300, 50.0)
    assert "Announced: new release" in run(business, "uptime").output


@pytest.mark.parametrize(
    ("command", "words", "says"),
    [
        ("probe", ["--every", "soon"], "'soon' is not a duration"),
        ("probe", ["--way", "web"], "go with --import"),
        ("uptime", ["--way", "fax"], "there is no way 'fax'"),
        ("uptime", ["--branch", "HAR"], "there is no branch 'HAR'"),
        ("uptime", ["--from", "yesterday"], "'yesterday' is neither a day nor an instant"),
        ("uptime", ["--from", "2026-01-15", "--to", "2026-01-10"], "ends before it begins"),
    ],
)
def test_what_cannot_be_understood_is_one_clear_line(
    business: Business, command: str, words: list[str], says: str
) -> None:
    result = run(business, command, *words)
    assert says in result.exception.format_message()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "2026-01-15T12:00", "--to", "2026-01-15T11:00"], "ends before it begins"),
        (["--from", "2026-02-01", "--to", "2026-02-02"], "begins in the future"),
        (["--from", "2026-01-14", "--to", "2026-01-15", "--way", "wbe"], "there is no way 'wbe'"),
        (["--from", "2026-01-14", "--to", "2026-01-15", "--branch", "HAR"], "there is no branch 'HAR'"),
        (["--from", "2026-01-14", "--to", "2026-01-15", "--by", " "], "--by must not be empty"),
    ],
)
def test_a_correction_of_what_cannot_have_been_is_refused(business: Business, words: list[str], says: str) -> None:
    said = ("--state", "up", "--by", "Marta", "--reason", "so it was")
    result = run(business, "correct", *said, *words)
    assert says in result.exception.format_message()  # type: ignore[union-attr]


def test_a_target_without_a_way_in_is_said(tmp_path: Path, standin: Standin) -> None:
    business = Business(tmp_path, standin)
    head = business.file.read_text(encoding="utf-8").partition("[web]")[0]
    business.file.write_text(head, encoding="utf-8")
    assert "no way in that could be probed" in run(business, "probe").exception.format_message()  # type: ignore[union-attr]


def test_a_history_that_cannot_be_written_is_our_own_fault(business: Business) -> None:
    (business.folder / "reports").write_text("a file where a folder should be", encoding="utf-8")
    result = run(business, "probe")
    assert (result.return_value, "the history" in result.stderr) == (3, True)


class Going:
    """`hypercare probe --every` in a process of its own."""

    def __init__(self, business: Business, *words: str) -> None:
        code = "from hypercare.cli import main; main()"
        command = [sys.executable, "-c", code, "probe", *business.arguments, "--every", "200ms", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_until_it_is_stopped_and_tells_only_changes(business: Business, number: int) -> None:
    business.set_clock(NOON, rate=1.0)
    going = Going(business)
    try:
        assert {going.line().split()[2] for _ in range(2)} == {"web", "api"}
        business.fails()
        assert "web down (was up)" in going.line()
        business.works()
        # The look that was under way at that moment may have failed first.
        assert any("web up" in going.line() for _ in range(2))
        assert going.stop(number) == 0
        rest = going.process.stdout.read()  # type: ignore[union-attr]
        assert rest == ""
    finally:
        going.process.kill()


def test_every_sample_is_a_line_of_json_where_that_is_wanted(business: Business) -> None:
    result = run(business, "probe", "--jsonl")
    told = [json.loads(line) for line in result.output.splitlines()]
    assert [(one["way"], one["state"], one["prober"]) for one in told] == [
        ("web", "up", "north"),
        ("api", "up", "north"),
    ]
    assert told[0]["at"] == "2026-01-15T11:00:00+00:00"
