"""One way that was tried: whether it works, how long that took, and what to do where it does not."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hypercare.outcome.part import REMEDY_KEY
from hypercare.outcome.signals import ChannelDown, CheckFailed, DryRunStop, MonitorFault, NotCovered

_LOG = logging.getLogger(__name__)


class AttemptOutcome(StrEnum):
    WORKS = "works"
    FAILS = "fails"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Attempt:
    """`says` is what was seen, or why it does not work; `remedy` what would mend it; `took` is in seconds."""

    way: str
    name: str
    outcome: AttemptOutcome
    says: str
    remedy: str = ""
    took: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "way": self.way,
            "name": self.name,
            "outcome": self.outcome.value,
            "says": self.says,
            REMEDY_KEY: self.remedy,
            "took_s": self.took,
        }


class Wrong(Exception):
    """What was tried does not work, in the doctor's own words."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def attempted(way: str, name: str, action: Callable[[], str], *, needed: bool = False) -> Attempt:
    """Try one thing; `action` returns what it saw. `needed` makes what is not there a failure rather than left out."""
    started = time.monotonic()
    outcome, says, remedy = _outcome_of(action)
    if needed and outcome is AttemptOutcome.LEFT_OUT:
        outcome = AttemptOutcome.FAILS
    took = round(time.monotonic() - started, 2)
    _LOG.info("%s, %s: %s after %.2f s: %s", way, name, outcome.value, took, says.strip())
    return Attempt(way, name, outcome, says.strip(), remedy, took)


def _outcome_of(action: Callable[[], str]) -> tuple[AttemptOutcome, str, str]:
    try:
        return AttemptOutcome.WORKS, action(), ""
    except DryRunStop as stop:
        return AttemptOutcome.WORKS, str(stop), ""
    except NotCovered as gap:
        return AttemptOutcome.LEFT_OUT, gap.reason, gap.remedy
    except (CheckFailed, ChannelDown) as failed:
        return AttemptOutcome.FAILS, failed.finding.sentence, failed.finding.next_step
    except MonitorFault as fault:
        return AttemptOutcome.FAILS, fault.reason, fault.remedy
    except Wrong as wrong:
        return AttemptOutcome.FAILS, wrong.reason, wrong.remedy
    except Exception as error:  # noqa: BLE001 - one way that breaks us must not hide the others
        return (
            AttemptOutcome.FAILS,
            f"the doctor itself broke: {type(error).__name__}: {error}",
            "Report this as a bug.",
        )
