"""Nothing can be saved although pages are shown: told by the requests that fail, never by one part that is broken."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target


def requests(method: str, route: str, status: int, *minutes: float) -> list[tuple[datetime, str]]:
    """Requests of one kind, so many minutes ago each, as lines of a log."""
    found = []
    for one in minutes:
        at = ago(minutes=one)
        told = {"at": at.isoformat(), "method": method, "route": route, "path": route, "status": status}
        found.append((at, json.dumps(told)))
    return found


def logs_of(folder: Path, *kinds: list[tuple[datetime, str]]) -> Logs:
    lines = sorted(line for kind in kinds for line in kind)
    path = folder / "access.jsonl"
    path.write_text("".join(f"{line}\n" for _, line in lines), encoding="utf-8")
    return Logs(frozen_target(folder, logs=(LogSource(name="access", path=path, holds="access"),)))


EARLIER, LATELY = (300, 200, 100), (30, 20, 10)
PAGES = requests("GET", "/sales", 200, *EARLIER, *LATELY, 5)
SOLD = requests("POST", "/sales", 201, *EARLIER)
PAID = requests("PUT", "/payments/{id}", 200, *EARLIER)


@pytest.mark.parametrize("status", [500, 503, 507])
def test_kinds_that_worked_and_all_fail_now_are_told(tmp_path: Path, status: int) -> None:
    failing = [requests("POST", "/sales", status, *LATELY), requests("PUT", "/payments/{id}", status, *LATELY)]
    found = logs_of(tmp_path, PAGES, SOLD, PAID, *failing).refused_writes()
    assert found.count == 6
    assert [row["request"] for row in found.sample] == ["POST /sales", "PUT /payments/{id}"]


def test_people_who_log_in_meanwhile_do_not_hide_it(tmp_path: Path) -> None:
    failing = [requests("POST", "/sales", 500, *LATELY), requests("PUT", "/payments/{id}", 500, *LATELY)]
    entering = requests("POST", "/api/auth/login", 200, *EARLIER, *LATELY)
    assert logs_of(tmp_path, PAGES, SOLD, PAID, entering, *failing).refused_writes().count == 6


QUIET = {
    "one kind alone fails": [PAGES, SOLD, PAID, requests("POST", "/sales", 500, *LATELY, 8, 7, 6)],
    "it works again": [
        PAGES,
        SOLD,
        PAID,
        requests("POST", "/sales", 500, *LATELY),
        requests("PUT", "/payments/{id}", 500, *LATELY),
        requests("POST", "/sales", 201, 2),
        requests("PUT", "/payments/{id}", 200, 1),
    ],
    "something else can be saved": [
        PAGES,
        SOLD,
        PAID,
        requests("POST", "/sales", 500, *LATELY),
        requests("PUT", "/payments/{id}", 500, *LATELY),
        requests("POST", "/notes", 201, *EARLIER, 4, 3),
    ],
    "what fails never worked": [
        PAGES,
        SOLD,
        requests("POST", "/beacon", 500, *EARLIER, *LATELY),
        requests("POST", "/report", 502, *EARLIER, *LATELY),
    ],
    "it was in the night": [
        PAGES,
        requests("POST", "/sales", 201, 900, 800),
        requests("PUT", "/payments/{id}", 200, 900, 800),
        requests("POST", "/sales", 500, 600, 590, 580),
        requests("PUT", "/payments/{id}", 500, 600, 590, 580),
    ],
    "nothing is shown either": [
        requests("GET", "/sales", 200, *EARLIER),
        SOLD,
        PAID,
        requests("POST", "/sales", 500, *LATELY),
        requests("PUT", "/payments/{id}", 500, *LATELY),
    ],
    "what is refused was entered wrongly": [
        PAGES,
        SOLD,
        PAID,
        requests("POST", "/sales", 422, *LATELY),
        requests("PUT", "/payments/{id}", 400, *LATELY),
    ],
}


@pytest.mark.parametrize("kinds", QUIET.values(), ids=QUIET)
def test_what_is_no_refusal_of_all_that_is_saved_is_left_alone(
    tmp_path: Path, kinds: list[list[tuple[datetime, str]]]
) -> None:
    assert logs_of(tmp_path, *kinds).refused_writes().count == 0


def test_a_log_that_tells_of_nothing_saved_does_not_pass(tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="No request of the last day that saves something"):
        logs_of(tmp_path, PAGES).refused_writes()
