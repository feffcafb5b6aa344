"""What of a log is not understood is said by every check that reads it; nothing of it counts as of now."""

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypercare.error_history.error_history import ErrorHistory
from hypercare.logs import Logs
from hypercare.outcome.intake import listening
from hypercare.outcome.signals import AwaitingPerson, CheckFailed, NotCovered
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target
from tests.standins.json_memory import JsonMemory

CHECKS = Path(__file__).parents[2] / "tests_health"
ROWS = [(25 * 60, "ALPHA"), (40, ""), (30, "BETA"), (20, "GAMMA"), (10, "")]


def text_of(pattern, quiet="INFO", loud="ERROR"):
    lines = []
    for minutes, which in ROWS:
        line = ago(minutes=minutes).strftime(pattern)
        lines.append(line.replace("{level}", loud if which else quiet).replace("{says}", f"module {which} broke"))
    return "".join(f"{line}\n" for line in lines)


def json_of(**fields):
    rows = ({name: value(ago(minutes=m), bool(w)) for name, value in fields.items()} for m, w in ROWS)
    return "".join(json.dumps(row) + "\n" for row in rows)


def checks_of(name):
    spec = importlib.util.spec_from_file_location(f"checks_of_{name}", CHECKS / f"test_{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asked(tmp_path, content, **settings):
    """What each check that reads the log says of it."""
    path = tmp_path / "app.log"
    path.write_text(content, encoding="utf-8")
    target = frozen_target(tmp_path, logs=(LogSource(**{"name": "app", "path": path, "format": "text", **settings}),))
    logs, figures = Logs(target), {}
    since, today = target.since_last_round, target.today
    past = ErrorHistory(target, JsonMemory())
    errors, health = checks_of("errors"), checks_of("logs")
    questions = {
        "critical": lambda: health.test_no_critical_error_since_the_last_round(logs, since),
        "critical since": lambda: errors.test_no_error_since_the_last_round_is_critical(logs, since),
        "new": lambda: errors.test_no_error_since_the_last_round_is_of_a_new_kind(logs, since),
        "critical today": lambda: errors.test_no_error_of_today_is_critical(logs, today),
        "classed": lambda: errors.test_errors_of_today_are_classed(logs, past, today, today, figures.__setitem__),
        "recurring": lambda: errors.test_nothing_keeps_going_wrong(logs, past, today),
        "plan": lambda: errors.test_recurring_errors_have_an_owner(logs, past, today),
        "clock": lambda: health.test_log_times_agree_with_the_clock(logs),
        "written": lambda: health.test_every_log_is_still_being_written(logs),
    }
    return {name: said_by(question) for name, question in questions.items()}, figures


def said_by(question):
    try:
        question()
    except (NotCovered, CheckFailed, AwaitingPerson) as signal:
        return f"{type(signal).__name__}: {getattr(signal, 'reason', None) or getattr(signal, 'finding', signal)}"
    return "passed"


ERRORS = ("critical", "critical since", "new", "critical today", "classed", "recurring", "plan")
NO_LEVEL = {
    "no level at all": text_of("%Y-%m-%d %H:%M:%S {says}"),
    "words of no language": text_of("%Y-%m-%d %H:%M:%S {level} {says}", "MELDX", "FEILX"),
    "one word of no language": text_of("%Y-%m-%d %H:%M:%S [{level}] {says}", "INF", "FEILX"),
    "one word of no language, bare": text_of("%Y-%m-%d %H:%M:%S {level} {says}", "Info", "Feilx"),
    "one small word of no language": text_of("%Y-%m-%d %H:%M:%S {level}: {says}", "info", "feilx"),
}
NO_LEVEL_IN_JSON = {
    "no level at all": json_of(at=lambda at, _: at.isoformat(), message=lambda *_: "stock posting broke"),
    "a word of no language": json_of(
        at=lambda at, _: at.isoformat(), level=lambda _, bad: "feilx" if bad else "info", message=lambda *_: "broke"
    ),
    "numbers of a scale that cannot be told": json_of(
        at=lambda at, _: at.isoformat(), level=lambda _, bad: 40 if bad else 20, message=lambda *_: "broke"
    ),
}


@pytest.mark.parametrize("name", [*NO_LEVEL, *(f"json: {name}" for name in NO_LEVEL_IN_JSON)])
def test_levels_that_are_not_understood_leave_every_check_of_errors_open(tmp_path, name):
    is_json = name.startswith("json: ")
    content = NO_LEVEL_IN_JSON[name.removeprefix("json: ")] if is_json else NO_LEVEL[name]
    said, figures = asked(tmp_path, content, format="json" if is_json else "text")
    assert {check: said[check].partition(":")[0] for check in ERRORS} == dict.fromkeys(ERRORS, "NotCovered")
    assert (said["clock"], said["written"], figures) == ("passed", "passed", {})


NO_TIME = {
    "none": text_of("{level} {says}"),
    "hours without a day": text_of("%H:%M:%S {level} {says}"),
    "json": json_of(level=lambda _, bad: "error" if bad else "info", message=lambda *_: "broke"),
}


@pytest.mark.parametrize("name", NO_TIME)
def test_lines_of_no_time_are_not_of_now_and_leave_every_check_open(tmp_path, name):
    said, figures = asked(tmp_path, NO_TIME[name], format="json" if name == "json" else "text")
    assert {says.partition(" of the log")[0] for says in said.values()} == {"NotCovered: None of the 5 lines"}
    assert figures == {}


HEALTHY = {
    "a quiet log of three lines": "".join(f"{ago(minutes=m):%Y-%m-%d %H:%M:%S} INFO ready {m}\n" for m in (30, 20, 10)),
    "one line": f"{ago(minutes=10):%Y-%m-%d %H:%M:%S} INFO ready\n",
    "few records with long traces": "".join(
        f"{ago(minutes=m):%Y-%m-%d %H:%M:%S} WARN slow\n" + "\tat org.example.Shop.post(Shop.java:12)\n" * 200
        + "Caused by: java.lang.IllegalStateException\n" * 3
        for m in (2000, 1900, 1800)
    ) + f"{ago(minutes=10):%Y-%m-%d %H:%M:%S} INFO ready\n",
    "an access log's lines between": "".join(
        f'10.0.0.5 - - [{ago(minutes=60 - m):%d/%b/%Y:%H:%M:%S} +0000] "GET /x HTTP/1.1" 200 12\n' for m in range(50)
    ) + f"{ago(minutes=5):%Y-%m-%d %H:%M:%S} INFO ready\n",
    "empty": "",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HEALTHY if name not in {"empty", "few records with long traces"}])
def test_a_healthy_log_is_judged(tmp_path, name):
    said, figures = asked(tmp_path, HEALTHY[name])
    assert {check: says for check, says in said.items() if says != "passed"} == {}
    assert (figures["errors"], figures["errors_critical"], set(figures["errors_by_kind"].values())) == (0, 0, {0})


def test_long_traces_below_few_records_are_no_lines_of_no_time(tmp_path):
    path = tmp_path / "app.log"
    path.write_text(HEALTHY["few records with long traces"])
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, format="text"),))
    Logs(target).errors(target.today).require_understood()


def test_what_was_found_comes_before_what_was_not_understood(tmp_path):
    content = text_of("%Y-%m-%d %H:%M:%S {level} {says}", "INFO", "ERROR")
    strange = f"{ago(minutes=5):%Y-%m-%d %H:%M:%S} FEILX module DELTA broke\n"
    said, _ = asked(tmp_path, content + strange)
    assert said["new"].startswith("CheckFailed")
    assert said["critical since"].startswith("NotCovered: 1 of 6 lines of the log app state a level that is not known")


def test_of_unknown_levels_no_more_lines_are_told_than_there_are(tmp_path):
    content = "".join(
        json.dumps(
            {"at": f"{ago(seconds=3_000 - place)}", "level": "FEILX" if place % 3 == 0 else "INFO", "message": "m"}
        )
        + "\n"
        for place in range(3_000)
    )
    said, _ = asked(tmp_path, content, format="json")
    assert said["critical since"].startswith("NotCovered: 1,000 of 3,000 lines of the log app state a level")


def test_the_target_file_can_say_what_is_not_understood(tmp_path):
    content = text_of("%d|%m|%Y %H.%M.%S ~{level}~ {says}", "m", "f")
    said, figures = asked(
        tmp_path,
        content,
        time_pattern=r"^(?P<at>\S+ \S+)",
        time_format="%d|%m|%Y %H.%M.%S",
        level_pattern=r"~(?P<level>\w)~",
        levels={"m": "info", "f": "error"},
    )
    assert said["new"].startswith("CheckFailed")
    assert (said["critical"], figures["errors"]) == ("passed", 2)


def test_where_only_errors_state_a_level_the_file_can_say_so(tmp_path):
    content = "".join(f"{ago(minutes=60 - m):%Y-%m-%d %H:%M:%S} posted {m}\n" for m in range(50))
    assert asked(tmp_path, content)[0]["critical"].startswith("NotCovered")
    assert asked(tmp_path, content, unstated="info")[0]["critical"] == "passed"


def test_each_question_says_how_much_it_took_in(tmp_path):
    path = tmp_path / "app.log"
    path.write_text(text_of("%Y-%m-%d %H:%M:%S {level} {says}"))
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, format="text"),))
    with listening() as heard:
        Logs(target).errors(target.today)
    (intake,) = heard.values()
    assert (intake.what, intake.read, intake.understood) == ("lines", 5, 5)
    assert intake.of_them == {"with a time": 5, "with a level": 5}


PIECES = [
    "\n", " ", "|", ",", "[", "]", '"', "{", "}", ":", "=", "E", "I", "ERROR", "info", "level", '"level":', "40",
    "<11>", "\t", f"{ago(minutes=9):%Y-%m-%d %H:%M:%S}", f"{ago(minutes=9):%d/%b/%Y:%H:%M:%S}", "31.12.26 10:10",
    "99/99/99 99:99:99",
    "1768464000123", "12026-13-45T25:61:61Z", "\x00", "\ufeff", "#Fields: date time sc-status\n", "GET /x", '" 200 ',
    "level=error msg=", "DETAIL:  ", "Traceback (most recent call last):\n", "ORA-00600",
    '{"@t":1e400,"PRIORITY":"x"}\n', '{"time":{"$date":[]},"msg":{"a":1},"level":{"name":7}}\n',
    '{"level":1e999,"time":-1}\n',
]  # fmt: skip


@given(
    content=st.one_of(
        st.binary(max_size=600),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")),
        st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode()),
    ),
    form=st.sampled_from(["json", "text", "access"]),
    holds=st.sampled_from(["application", "database", "access"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_breaks_a_reader(tmp_path, content, form, holds):
    path = tmp_path / "app.log"
    path.write_bytes(content)
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, format=form, holds=holds),))
    logs = Logs(target)
    for ask in (logs.errors, logs.requests, logs.failed_requests):
        try:
            ask(target.since_last_round)
        except NotCovered as gap:
            assert gap.remedy
