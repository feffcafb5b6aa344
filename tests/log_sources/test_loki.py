"""Errors from a Loki server: each line once, page by page, by what it says and by its labels."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from hypercare.target_file.sections.logs import LogSource
from tests.log_sources.conftest import ErrorsOf, loki_log
from tests.log_sources.log_servers import TOKEN, LokiServer
from tests.standins.frozen_target import NOON, ago, frozen_target

PRINTER = '{"level": "error", "msg": "the printer is offline"}'


@pytest.mark.parametrize(
    ("line", "labels", "says"),
    [
        (PRINTER, {}, "the printer is offline"),
        ('level=error msg="the printer is offline"', {}, "the printer is offline"),
        ("the printer is offline", {"level": "error"}, "the printer is offline"),
        ("the printer is offline", {"detected_level": "error"}, "the printer is offline"),
        ("2026-01-15 10:40:00,123 ERROR tills: the printer is offline", {}, "the printer is offline"),
    ],
    ids=["json", "key=value", "label", "told by Loki", "plain"],
)
def test_a_line_is_an_error_by_itself_or_by_its_labels(
    loki: LokiServer, errors_of: ErrorsOf, line: str, labels: dict[str, str], says: str
) -> None:
    loki.say(ago(minutes=20), line, **labels)
    quiet = line.replace("error", "info").replace("ERROR", "INFO").replace("offline", "there")
    for minutes in range(21, 30):
        loki.say(ago(minutes=minutes), quiet, **dict.fromkeys(labels, "info"))
    [group] = errors_of(loki_log(loki.url)).groups
    assert (group.count, group.first_seen) == (1, ago(minutes=20))
    assert says in group.sample


def test_pages_are_turned_until_all_was_read(loki: LokiServer, errors_of: ErrorsOf) -> None:
    for number in range(25):
        loki.say(ago(minutes=number), PRINTER, till=str(number % 3))
    assert errors_of(loki_log(loki.url, settings={"page": 4})).count == 25
    assert all(asked["direction"] == "backward" and asked["limit"] == "4" for asked in loki.asked)


def test_lines_of_one_instant_that_fill_a_page_have_an_end(loki: LokiServer, errors_of: ErrorsOf) -> None:
    for till in range(4):
        loki.say(ago(minutes=5), PRINTER, till=str(till))
    loki.say(ago(minutes=6), PRINTER)
    assert errors_of(loki_log(loki.url, settings={"page": 4})).count == 5


def test_what_is_read_again_counts_once(loki: LokiServer, errors_of: ErrorsOf) -> None:
    loki.say(ago(minutes=5), PRINTER)
    assert errors_of(loki_log(loki.url)).count == 1
    later = NOON + timedelta(minutes=30)
    loki.say(later - timedelta(minutes=1), PRINTER)
    [group] = errors_of(loki_log(loki.url), later, previous=NOON).groups
    assert (group.count, sum(group.by_day.values())) == (1, 2)


def test_what_arrives_late_is_told_once_by_the_next_round(loki: LokiServer, errors_of: ErrorsOf) -> None:
    log = loki_log(loki.url, late_by="1h")
    assert errors_of(log).count == 0
    loki.say(ago(minutes=40), PRINTER)
    later, latest = NOON + timedelta(hours=3), NOON + timedelta(hours=5)
    assert errors_of(log, NOON + timedelta(minutes=10), previous=NOON).count == 1
    assert errors_of(log, later, previous=NOON + timedelta(minutes=10)).count == 0
    assert errors_of(log, latest, previous=later).count == 0


def test_only_what_is_new_is_asked_for(loki: LokiServer, errors_of: ErrorsOf) -> None:
    log = loki_log(loki.url, late_by="30m")
    loki.say(ago(days=3), PRINTER)
    errors_of(log)
    del loki.asked[:]
    errors_of(log, NOON + timedelta(days=1), previous=NOON + timedelta(hours=20))
    since = min(int(asked["start"]) for asked in loki.asked)
    assert since == (int((NOON - timedelta(minutes=30)).timestamp())) * 10**9


def test_a_long_time_is_asked_for_in_parts(loki: LokiServer, errors_of: ErrorsOf) -> None:
    errors_of(loki_log(loki.url))
    assert max(int(asked["end"]) - int(asked["start"]) for asked in loki.asked) <= 24 * 3600 * 10**9


def test_more_than_may_be_read_is_said(loki: LokiServer, errors_of: ErrorsOf) -> None:
    for number in range(30):
        loki.say(ago(minutes=number), PRINTER)
    errors = errors_of(loki_log(loki.url, most=10))
    assert errors.count == 10
    with pytest.raises(NotCovered, match="more than 10 entries"):
        errors.require_understood()


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "refuses the token"), (403, "refuses the token"), (429, "takes no more requests"), (400, "cannot say")],
)
def test_a_server_that_does_not_answer_us_is_not_covered(
    loki: LokiServer, errors_of: ErrorsOf, status: int, says: str
) -> None:
    loki.refuses = lambda number: (status, "parse error at line 1", {})
    errors = errors_of(loki_log(loki.url))
    with pytest.raises(NotCovered, match=says) as gap:
        errors.require_understood()
    assert TOKEN not in f"{gap.value.reason} {gap.value.remedy}"


def test_a_server_that_asks_to_wait_is_asked_again(loki: LokiServer, errors_of: ErrorsOf) -> None:
    loki.say(ago(minutes=5), PRINTER)
    loki.refuses = lambda number: (429, "", {"retry-after": "0"}) if number == 1 else None
    assert errors_of(loki_log(loki.url)).count == 1


@pytest.mark.parametrize("answer", ["down", "broken", "page", "numbers"])
def test_a_server_that_is_down_is_a_finding(loki: LokiServer, errors_of: ErrorsOf, answer: str) -> None:
    path = "/loki/api/v1/query_range"
    if answer == "down":
        loki.standin.stop()
    elif answer == "broken":
        loki.refuses = lambda number: (502, "bad gateway", {})
    elif answer == "page":
        loki.standin.page(path, "<html>log in here</html>")
    else:
        loki.standin.json(path, {"status": "success", "data": {"resultType": "matrix", "result": []}})
    with pytest.raises(ChannelDown) as down:
        errors_of(loki_log(loki.url))
    assert down.value.finding.sentence.startswith("The log erp cannot be read: ")
    assert "127.0.0.1" in down.value.address


def test_a_server_that_never_answers_is_given_up(loki: LokiServer, errors_of: ErrorsOf) -> None:
    loki.standin.dripping("/loki/api/v1/query_range")
    with pytest.raises(ChannelDown):
        errors_of(loki_log(loki.url, settings={"timeout": "200ms"}))


def test_a_token_that_is_not_there_is_our_own_fault(
    loki: LokiServer, errors_of: ErrorsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOG_TOKEN")
    with pytest.raises(MonitorFault, match="LOG_TOKEN"):
        errors_of(loki_log(loki.url))
    assert loki.asked == []


def test_a_round_of_the_past_sees_what_was_there_then(loki: LokiServer, tmp_path) -> None:
    loki.say(ago(hours=26), PRINTER)
    loki.say(ago(hours=1), PRINTER)
    target = frozen_target(tmp_path, as_of=NOON - timedelta(hours=24), logs=(loki_log(loki.url),))
    assert Logs(target).errors(target.since_last_round).count == 1


def test_a_server_that_is_down_hides_no_error_of_another_log(loki: LokiServer, tmp_path: Path) -> None:
    loki.standin.stop()
    file = tmp_path / "app.log"
    file.write_text(json.dumps({"time": ago(minutes=5).isoformat(), "level": "CRITICAL", "message": "all is lost"}))
    target = frozen_target(tmp_path, logs=(loki_log(loki.url), LogSource(name="app", path=file)))
    errors = Logs(target).errors(target.since_last_round)
    assert errors.critical().count == 1
    with pytest.raises(ChannelDown, match="The log erp cannot be read"):
        errors.require_understood()
