"""Every way looked at side by side, as samples: once, or again and again in step with the clock."""

from __future__ import annotations

import logging
import platform
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypercare.probing.answer import Looked, looked
from hypercare.probing.ways import ProbedWay
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

_LOG = logging.getLogger(__name__)
_LONGEST_WORDS = 500
_LONGEST_FOR_WITNESS = 3.0  # seconds
_JUMP = timedelta(seconds=5)


@dataclass(frozen=True)
class Seen:
    """A sample, and where the way lies as rounds know it."""

    sample: Sample
    address: str


class Prober:
    """Looks at the ways on a thread each; `stopping` ends what is still being waited for."""

    def __init__(
        self,
        ways: Sequence[ProbedWay],
        section: ProbeSection,
        *,
        every: timedelta | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        self.ways = ways
        self.section = section
        self.name = section.name or platform.node()[:80] or "prober"
        self.every = every or section.every
        self.stopping = stopping or threading.Event()

    def look(self, at: datetime) -> list[Seen]:
        """Look at every way once; nothing is raised for what the target or the network does.

        Returns:
            a sample a way, all of the instant at which the look began. None when it was stopped in between.
        """
        found: dict[str, Looked] = {}
        threads = [self._begun(way, found) for way in self.ways]
        for thread in threads:
            self._joined(thread)
        if self.stopping.is_set():
            return []
        return [self._seen(way, found.get(way.name), at) for way in self.ways]

    def _begun(self, way: ProbedWay, found: dict[str, Looked]) -> threading.Thread:
        def work() -> None:
            found[way.name] = self._looked(way)

        # A daemon, so that a way that hangs does not keep the program from ending.
        thread = threading.Thread(target=work, name=f"probe-{way.name}", daemon=True)
        thread.start()
        return thread

    def _joined(self, thread: threading.Thread) -> None:
        """Wait until the thread is done, as long as it could take at most, or until we are stopped."""
        each = 3 * self.section.timeout + self.section.retry_after
        left = (each * self.section.tries + timedelta(seconds=5)).total_seconds()
        while thread.is_alive() and left > 0 and not self.stopping.is_set():
            thread.join(0.1)
            left -= 0.1

    def _looked(self, way: ProbedWay) -> Looked:
        pause = self.section.retry_after.total_seconds()
        try:
            result = looked(way.ask, self.section.tries, lambda: self._paused(pause))
        except Exception as error:  # noqa: BLE001 - whatever breaks in our own look says nothing of the target
            return Looked(State.UNKNOWN, True, None, f"The prober itself failed: {type(error).__name__}: {error}")
        if result.state is State.DOWN and way.is_far and not self._network_works():
            says = f"This machine's own network failed: {self.section.witness} does not answer either."
            return Looked(State.UNKNOWN, True, None, says)
        return result

    def _paused(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    def _network_works(self) -> bool:
        witness = self.section.witness
        return witness is None or witness_answers(witness, self.section.timeout)

    def _seen(self, way: ProbedWay, result: Looked | None, at: datetime) -> Seen:
        if result is None:
            result = Looked(State.UNKNOWN, True, None, "The look did not end in time, for a reason of our own.")
        sample = Sample(
            way=way.name,
            prober=self.name,
            at=at,
            state=result.state,
            interval=self.every,
            confirmed=result.confirmed,
            latency_ms=None if result.seconds is None else round(result.seconds * 1000, 1),
            says=result.says[:_LONGEST_WORDS],
        )
        state = logging.DEBUG if sample.state.is_up else logging.INFO
        took = "" if sample.latency_ms is None else f" after {sample.latency_ms:.0f} ms"
        _LOG.log(state, "%s is %s%s%s", way.name, sample.state, took, f": {sample.says}" if sample.says else "")
        return Seen(sample, result.address or way.address)


def witness_answers(witness: str, patience: timedelta) -> bool:
    """Whether "host:port" outside of the target takes a connection: if not, it is our own network that failed."""
    host, _, port = witness.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=min(patience.total_seconds(), _LONGEST_FOR_WITNESS)):
            return True
    except (OSError, ValueError, OverflowError):
        return False


def watch(
    prober: Prober,
    take: Callable[[Sequence[Seen], datetime], None],
    now: Callable[[], datetime],
    warn: Callable[[str], None],
    stopping: threading.Event,
) -> None:
    """Look every `prober.every` until stopping is set. A look that takes longer leaves out the next."""
    begun = time.monotonic()
    every = prober.every.total_seconds()
    apart = _apart()
    while not stopping.is_set():
        at = now()
        seen = prober.look(at)
        if seen:
            take(seen, now())
        jumped = _apart() - apart
        if abs(jumped) > _JUMP:
            warn(f"this machine's clock jumped by {jumped.total_seconds():+.0f} s; what lies between is not observed")
        apart = _apart()
        passed = time.monotonic() - begun
        stopping.wait(every - passed % every)


def _apart() -> timedelta:
    """How far the clock that can be set is from the one that cannot; it changes when somebody sets the first."""
    return timedelta(seconds=datetime.now(UTC).timestamp() - time.monotonic())
