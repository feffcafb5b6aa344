"""What one try to get an answer came to, and what several of them say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypercare.uptime.state import State


@dataclass(frozen=True)
class Answer:
    """`state` is up, degraded (late), down, or unknown where our own side is at fault; `says` is why it is not up.

    `address` is where the trouble lies, as rounds know it, where that is known.
    """

    state: State
    seconds: float | None = None
    says: str = ""
    address: str = ""


@dataclass(frozen=True)
class ProbeResult:
    """What a look came to after all its tries; `confirmed` is false for a failure that was seen only once."""

    state: State
    confirmed: bool
    seconds: float | None = None
    says: str = ""
    address: str = ""


def probe_with_retries(ask: Callable[[], Answer], tries: int, pause: Callable[[], None]) -> ProbeResult:
    """Ask until the way answers, `tries` times at most."""
    answers = [ask()]
    while not answers[-1].state.is_up and len(answers) < tries:
        pause()
        answers.append(ask())
    return combined(answers)


def combined(answers: Sequence[Answer]) -> ProbeResult:
    """Down when it failed each time, flaky when it failed first; a try that our own side spoilt says nothing."""
    last = answers[-1]
    failures = [answer for answer in answers if answer.state is State.DOWN]
    if last.state.is_up:
        state = State.FLAKY if failures else last.state
        says = failures[0].says if failures else last.says
        return ProbeResult(state, True, last.seconds, says)
    if not failures:
        return ProbeResult(State.UNKNOWN, True, None, last.says)
    return ProbeResult(State.DOWN, len(failures) > 1, None, failures[-1].says, failures[-1].address)
