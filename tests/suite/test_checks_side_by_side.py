"""A round looks at the API, the database, the logs and what people do side by side, and tells of it in one order."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

# Each check says when it begins and ends; `meet` waits until all of some have begun, which they can only side by side.
EVENTS = """
import os, time
from contextlib import contextmanager
from pathlib import Path

EVENTS = Path({events!r})

def say(word):
    with EVENTS.open("a") as file:
        file.write(word + chr(10))

def said(word):
    return word in EVENTS.read_text().split(chr(10))

def wait_for(*words):
    last = time.monotonic() + 60
    while not all(said(word) for word in words):
        assert time.monotonic() < last, f"of {{words}} not all were said"
        time.sleep(0.01)

@contextmanager
def looking(name):
    say(f"begin {{name}}")
    try:
        yield
    finally:
        say(f"end {{name}}")
"""
THREE_TRACKS = """
@pytest.mark.item("health.api")
@pytest.mark.parametrize("n", range(2))
def test_api(api, n):
    with looking(f"api{n}"):
        pass

@pytest.mark.item("health.database")
@pytest.mark.parametrize("n", range(2))
def test_data(database, n):
    with looking(f"data{n}"):
        expect(n == 0, "The database is about to run out of room.")

@pytest.mark.item("health.web")
@pytest.mark.parametrize("n", range(2))
def test_people(accounts, n):
    with looking(f"people{n}"):
        if n:
            raise NotCovered("No account is there.", remedy="Add one.")

@pytest.mark.item("health.logs")
def test_logs(logs):
    with looking("logs"):
        pass
"""


@pytest.fixture
def events(project) -> Path:
    file = project.path / "events"
    file.touch()
    return file


@pytest.fixture
def round_of(project, events):
    def run(source: str, *words: str, at_once: int | None = None, limits: str = ""):
        project.checks(EVENTS.format(events=str(events)) + source)
        more = limits if at_once is None else f"at_once = {at_once}\n{limits}"
        project.target.write_text(f"{project.target.read_text()}{more}\n")
        return project.run("--round", "morning", "--no-later-pages", "--reports", str(project.reports), *words)

    return run


def happened(events: Path) -> list[str]:
    return events.read_text().splitlines()


def most_at_once(words: list[str]) -> int:
    running = most = 0
    for word in words:
        running += word.startswith("begin ") - word.startswith("end ")
        most = max(most, running)
    return most


def outcomes(project) -> dict[str, str]:
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    return {
        check["nodeid"].partition("::")[2]: check["outcome"] for item in summary["items"] for check in item["checks"]
    }


def test_checks_of_different_ways_are_looked_at_at_the_same_time(round_of):
    meeting = """
@pytest.mark.item("health.api")
def test_api(api):
    say("api is here")
    wait_for("database is here", "people are here")

@pytest.mark.item("health.database")
def test_data(database):
    say("database is here")
    wait_for("api is here", "people are here")

@pytest.mark.item("health.web")
def test_people(accounts):
    say("people are here")
    wait_for("api is here", "database is here")
"""
    assert round_of(meeting).ret == 0


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (2, 2)])
def test_a_target_may_lower_how_many_are_looked_at_at_once(round_of, events, at_once, most):
    busy = THREE_TRACKS.replace("pass", "time.sleep(0.05)")
    round_of(busy, at_once=at_once)
    assert 1 <= most_at_once(happened(events)) <= most
    assert len(happened(events)) == 2 * 7 + 2  # one check is looked at again


def told(result) -> list[str]:
    """What pytest said, without times."""
    lines = [re.sub(r"\d+\.\d+s.*|\[ *\d+%\]|/\S+", "", line).strip() for line in result.stdout.lines]
    return [line for line in lines if "rootdir" not in line]


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_what_is_told_and_in_which_order_does_not_depend_on_it(project, round_of, events, seed):
    """Whichever ends first; `seed` lets others be slow."""
    slow = f"time.sleep(0.2 if name[:-1] in {('api', 'people') if seed else ('data', 'logs')} else 0)"
    source = THREE_TRACKS.replace("pass", "say('looks')")
    header = f"\n_looking = looking\ndef looking(name):\n    {slow}\n    return _looking(name)\n"
    seen = []
    for at_once in (None, 1):
        result = round_of(header + source, "-v", at_once=at_once)
        latest = project.reports / "latest"
        summary = json.loads((latest / "summary.json").read_text())
        junit = ElementTree.parse(latest / "junit.xml").getroot()
        seen.append(
            (
                result.ret,
                told(result),
                [(item["id"], [one["nodeid"] for one in item["checks"]]) for item in summary["items"]],
                {name: value["outcome"] for name, value in ((item["id"], item) for item in summary["items"])},
                [(one.get("name"), [child.tag for child in one]) for one in junit.iter("testcase")],
            )
        )
    assert seen[0] == seen[1]
    assert seen[0][0] == 1


def test_logs_are_read_when_what_people_and_the_api_leave_in_them_is_there(round_of, events):
    round_of(
        THREE_TRACKS.replace('with looking("logs")', 'assert said("end people1") and said("end api1")\n    if True')
    )
    assert "end people1" in happened(events)


def test_what_is_found_beside_others_is_looked_at_again_when_nothing_else_is(project, round_of, events):
    source = """
@pytest.mark.item("health.api")
@pytest.mark.parametrize("n", range(3))
def test_api(api, n):
    with looking(f"api{n}"):
        if n == 0:
            wait_for("found")

@pytest.mark.item("health.database")
def test_data(database):
    if not said("found"):
        say("found")
        expect(False, "The database is about to run out of room.")
    say("again")
"""
    assert round_of(source).ret == 0
    words = happened(events)
    before = words[: words.index("again")]
    assert before.count("begin api0") == before.count("end api0")
    assert most_at_once(before) <= 1
    assert outcomes(project)["test_data"] == "flaky"


def test_a_check_that_measures_time_is_looked_at_alone(round_of, events):
    source = """
@pytest.mark.item("health.api")
@pytest.mark.alone
def test_api(api):
    with looking("api"):
        time.sleep(0.1)

@pytest.mark.item("health.database")
def test_data(database):
    with looking("data"):
        time.sleep(0.1)
"""
    assert round_of(source).ret == 0
    assert happened(events) == ["begin data", "end data", "begin api", "end api"]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("os.kill(os.getpid(), 11)", "The process of this check was ended by SIGSEGV."),
        ("os._exit(7)", "The process of this check ended with status 7."),
    ],
)
def test_a_process_that_ends_costs_its_check_and_no_other(project, round_of, harm, says):
    source = f"""
@pytest.mark.item("health.api")
def test_api(api):
    {harm}

@pytest.mark.item("health.api")
def test_api_again(api):
    pass

@pytest.mark.item("health.database")
def test_data(database):
    pass
"""
    result = round_of(source)
    assert result.ret == 3
    assert outcomes(project) == {"test_api": "monitor fault", "test_api_again": "passed", "test_data": "passed"}
    assert says in result.stdout.str()


def test_a_check_that_hangs_is_ended_at_its_limit_and_undoes_what_it_did(project, round_of, events):
    source = """
@pytest.mark.item("health.api")
def test_api(api):
    with looking("api"):
        time.sleep(60)

@pytest.mark.item("health.database")
def test_data(database):
    pass
"""
    assert round_of(source, limits='check_limit = "1s"').ret == 3
    assert happened(events) == ["begin api", "end api"]
    assert outcomes(project) == {"test_api": "monitor fault", "test_data": "passed"}


def test_figures_and_what_is_printed_reach_the_report_from_every_track(project, round_of):
    source = """
@pytest.mark.item("health.api")
def test_api(api, figure):
    figure("api_calls", 41)
    print("printed by the api")
    expect(False, "An endpoint is slow.")

@pytest.mark.item("health.database")
def test_data(database, figure):
    print("printed by the database")
    expect(False, "The database is full.")
"""
    result = round_of(source)
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    assert summary["figures"]["api_calls"] == 41
    parts = re.split(r"_{3,} (\w+) _{3,}", result.stdout.str())
    printed = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(re.findall("printed by the (?:api|database)", printed["test_api"])) == {"printed by the api"}
    assert set(re.findall("printed by the (?:api|database)", printed["test_data"])) == {"printed by the database"}


def test_a_resource_of_ones_own_is_made_once(round_of, events):
    source = """
@pytest.fixture(scope="session")
def erp():
    with looking("erp"):
        yield

@pytest.mark.item("health.api")
def test_api(api, erp):
    pass

@pytest.mark.item("health.database")
def test_data(database, erp):
    pass

@pytest.mark.item("health.web")
def test_people(accounts, erp):
    pass

@pytest.mark.item("health.logs")
def test_logs(logs):
    pass
"""
    assert round_of(source).ret == 0
    assert happened(events) == ["begin erp", "end erp"]


BOTH_WAIT = """
@pytest.mark.item("health.api")
def test_api(api):
    with looking("api"):
        time.sleep(60)

@pytest.mark.item("health.database")
def test_data(database):
    with looking("data"):
        time.sleep(60)
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 2), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_round_that_is_stopped_undoes_what_every_track_did(project, events, number, status):
    project.checks(EVENTS.format(events=str(events)) + BOTH_WAIT)
    words = [sys.executable, "-m", "pytest", "--round", "morning", "--target", str(project.target)]
    process = subprocess.Popen(
        [*words, "--reports", str(project.reports)], cwd=project.path, stdout=subprocess.DEVNULL, env={**os.environ}
    )
    wait_until(lambda: {"begin api", "begin data"} <= set(happened(events)))
    process.send_signal(number)
    assert process.wait(60) == status
    wait_until(lambda: {"end api", "end data"} <= set(happened(events)))
    assert not (project.reports / "latest").exists()


def wait_until(holds) -> None:
    last = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.02)
