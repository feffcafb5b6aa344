"""One round of one target of a fleet, in a process of its own: claimed before, and settled after."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from hypercare.fleet.lease import kept_up
from hypercare.history.claims import Claim, Held, RanBefore, claim_round, occurrence_of, renew, settle
from hypercare.history.opening import open_history
from hypercare.history.problem import HistoryProblem
from hypercare.history.runner import this_runner
from hypercare.history.store import History
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.problem import ChecklistProblem
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import TargetFileProblem, load_target_of
from hypercare.target_file.target import instant_as_of

HOLDS, FAILED, INTERRUPTED, OUR_FAULT, USAGE, NOTHING_TO_RUN = range(6)
OUTPUT = "round.log"
_OF_STATUS = {"healthy": HOLDS, "issues": FAILED, "critical": FAILED}


@dataclass(frozen=True)
class AskedRound:
    """A round of one target. Each target's reports lie in a folder of its own in `reports`, named by its key."""

    name: str
    target_file: Path
    reports: Path
    project: Path
    as_of: str | None = None
    rehearse: bool = False


class How(StrEnum):
    RAN = "ran"
    RAN_BEFORE = "ran before"
    HELD = "is run by another"


@dataclass(frozen=True)
class Ended:
    """How a round ended, `status` as the documented exit status; `says` is why, where there is more to say.

    `reports` is where the reports of its target lie, None where the target file cannot be used.
    """

    how: How
    status: int
    says: str = ""
    reports: Path | None = None


class Sender(Protocol):
    def send(self, ended: Ended) -> None: ...


def run_one(asked: AskedRound, sender: Sender) -> None:
    """Run it unless it ran before or another is at it, and send how it ended. To be called in a fresh process."""
    try:
        sender.send(_ended(asked))
    except (TargetFileProblem, ChecklistProblem) as problem:
        sender.send(Ended(How.RAN, USAGE, str(problem).partition("\n")[0]))
    except (HistoryProblem, MonitorFault, OSError) as problem:
        sender.send(Ended(How.RAN, OUR_FAULT, str(problem)))


def _ended(asked: AskedRound) -> Ended:
    config = load_target_of(asked.project, asked.target_file)
    reports = asked.reports / config.key
    reports.mkdir(parents=True, exist_ok=True)
    if asked.rehearse:
        return _ran(asked, reports)
    history = open_history(config, reports)
    try:
        as_of = instant_as_of(config, asked.as_of)
        occurrence = occurrence_of(config, asked.name, as_of)
        claim = claim_round(history, occurrence, this_runner(), config.rounds.check_limit)
        if isinstance(claim, Held):
            return Ended(How.HELD, HOLDS, claim.machine, reports)
        if isinstance(claim, RanBefore):
            return Ended(How.RAN_BEFORE, _status_of(claim), "", reports)
        return _run_claimed(asked, config, history, claim, reports)
    finally:
        history.close()


def _run_claimed(asked: AskedRound, config: TargetConfig, history: History, claim: Claim, reports: Path) -> Ended:
    # Thousands of rounds that run at once keep no connection that they do not need.
    history.close()
    with kept_up(history, claim, config.rounds.limit):
        ended = _ran(asked, reports)
    # Interrupted since another has the claim by now, or because somebody or a check of the round wanted it so.
    is_anothers = ended.status == INTERRUPTED and not renew(history, claim)
    settle(history, claim, ended.status)
    return replace(ended, how=How.HELD) if is_anothers else ended


def _status_of(ran: RanBefore) -> int:
    if ran.exit_status is not None:
        return ran.exit_status
    return _OF_STATUS.get(ran.status or "", OUR_FAULT)


def _ran(asked: AskedRound, reports: Path) -> Ended:
    """Run pytest as `hypercare round` does, with what it prints in a file beside the target's reports."""
    import pytest

    output = reports / OUTPUT
    words = ["-p", "no:cacheprovider", "-q", f"--round={asked.name}", f"--target={asked.target_file}"]
    words += [f"--reports={reports}", *([f"--as-of={asked.as_of}"] if asked.as_of else [])]
    words += ["--rehearse"] if asked.rehearse else []
    os.chdir(asked.project)
    sys.path.insert(0, str(asked.project))
    with _printing_to(output), tempfile.TemporaryDirectory(prefix="hypercare-") as scratch:
        # A process of this kind ends without what others do at their end.
        tempfile.tempdir = scratch
        status = int(pytest.main(words))
    return Ended(How.RAN, status, _reason(output) if status in {OUR_FAULT, USAGE} else "", reports)


@contextmanager
def _printing_to(path: Path) -> Iterator[None]:
    """Whatever this process and those that it starts print goes into a file."""
    with path.open("wb") as file:
        sys.stdout.flush()
        sys.stderr.flush()
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()


def _reason(output: Path) -> str:
    """The line in which a round says why it could not be run; empty where it was run."""
    lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    for start in ("ERROR: ", "hypercare: ", "Exit: "):
        for line in lines:
            if line.strip("! ").startswith(start):
                return line.strip("! ").removeprefix(start)
    return ""
