"""Looking again and again, in step with the clock, until somebody says stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from hypercare.probing.prober import Prober, Seen

_JUMP = timedelta(seconds=5)


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
