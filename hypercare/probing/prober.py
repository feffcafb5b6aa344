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

from hypercare.probing.answer import ProbeResult, probe_with_retries
from hypercare.probing.ways import ProbedWay
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

_LOG = logging.getLogger(__name__)
_LONGEST_WORDS = 500
_LONGEST_FOR_REFERENCE = 3.0  # seconds
_JUMP = timedelta(seconds=5)


@dataclass(frozen=True)
class ProbedSample:
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

    def probe_all(self, at: datetime) -> list[ProbedSample]:
        """Look at every way once; nothing is raised for what the target or the network does.

        Returns:
            a sample a way, all of the instant at which the look began. None when it was stopped in between.
        """
        results: dict[str, ProbeResult] = {}
        threads = [self._started_thread(way, results) for way in self.ways]
        for thread in threads:
            self._join(thread)
        if self.stopping.is_set():
            return []
        return [self._probed_sample(way, results.get(way.name), at) for way in self.ways]

    def _started_thread(self, way: ProbedWay, results: dict[str, ProbeResult]) -> threading.Thread:
        def work() -> None:
            results[way.name] = self._probe(way)

        # A daemon, so that a way that hangs does not keep the program from ending.
        thread = threading.Thread(target=work, name=f"probe-{way.name}", daemon=True)
        thread.start()
        return thread

    def _join(self, thread: threading.Thread) -> None:
        """Wait until the thread is done, as long as it could take at most, or until we are stopped."""
        each = 3 * self.section.timeout + self.section.retry_after
        left = (each * self.section.tries + timedelta(seconds=5)).total_seconds()
        while thread.is_alive() and left > 0 and not self.stopping.is_set():
            thread.join(0.1)
            left -= 0.1

    def _probe(self, way: ProbedWay) -> ProbeResult:
        pause = self.section.retry_after.total_seconds()
        try:
            result = probe_with_retries(way.ask, self.section.tries, lambda: self._pause(pause))
        except Exception as error:  # noqa: BLE001 - whatever breaks in our own look says nothing of the target
            return ProbeResult(State.UNKNOWN, True, None, f"The prober itself failed: {type(error).__name__}: {error}")
        if result.state is State.DOWN and way.is_far and not self._network_works():
            says = f"This machine's own network failed: {self.section.witness} does not answer either."
            return ProbeResult(State.UNKNOWN, True, None, says)
        return result

    def _pause(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    def _network_works(self) -> bool:
        reference_address = self.section.witness
        return reference_address is None or reference_address_answers(reference_address, self.section.timeout)

    def _probed_sample(self, way: ProbedWay, result: ProbeResult | None, at: datetime) -> ProbedSample:
        if result is None:
            result = ProbeResult(State.UNKNOWN, True, None, "The look did not end in time, for a reason of our own.")
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
        return ProbedSample(sample, result.address or way.address)


def reference_address_answers(address: str, timeout: timedelta) -> bool:
    """Whether "host:port" outside of the target takes a connection: if not, it is our own network that failed."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=min(timeout.total_seconds(), _LONGEST_FOR_REFERENCE)):
            return True
    except (OSError, ValueError, OverflowError):
        return False


def watch(
    prober: Prober,
    take: Callable[[Sequence[ProbedSample], datetime], None],
    now: Callable[[], datetime],
    warn: Callable[[str], None],
    stopping: threading.Event,
) -> None:
    """Look every `prober.every` until stopping is set. A look that takes longer leaves out the next."""
    begun = time.monotonic()
    every = prober.every.total_seconds()
    apart = _clock_difference()
    while not stopping.is_set():
        at = now()
        samples = prober.probe_all(at)
        if samples:
            take(samples, now())
        jumped = _clock_difference() - apart
        if abs(jumped) > _JUMP:
            warn(f"this machine's clock jumped by {jumped.total_seconds():+.0f} s; what lies between is not observed")
        apart = _clock_difference()
        passed = time.monotonic() - begun
        stopping.wait(every - passed % every)


def _clock_difference() -> timedelta:
    """How far the clock that can be set is from the one that cannot; it changes when somebody sets the first."""
    return timedelta(seconds=datetime.now(UTC).timestamp() - time.monotonic())
