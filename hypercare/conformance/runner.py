"""Trying every promise in turn; none is kept from being tried by another."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from hypercare.conformance import of_log_in, of_production, of_sales, of_trouble, of_undoing
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Broken, Ending, Promise, Result
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal

PROMISES: tuple[Promise, ...] = (
    *of_log_in.PROMISES,
    *of_sales.PROMISES,
    *of_undoing.PROMISES,
    *of_production.PROMISES,
    *of_trouble.PROMISES,
    of_undoing.LAST,
)


def tried_in_turn(ground: Ground, promises: Sequence[Promise] = PROMISES) -> Iterator[Result]:
    """The result of each promise as it is known.

    Raises:
        MonitorFault: our own trouble; nothing is said of the adapter then.
    """
    for promise in promises:
        started = time.perf_counter()
        ending, why = _tried(promise, ground)
        yield Result(promise.words, ending, time.perf_counter() - started, why)


def _tried(promise: Promise, ground: Ground) -> tuple[Ending, str]:
    try:
        promise.tried(ground)
    except NotCovered as gap:
        return Ending.NOT_COVERED, gap.reason
    except (Broken, CheckFailed, ChannelDown) as broken:
        return Ending.BROKEN, " ".join(str(broken).split())
    except MonitorFault:
        raise
    except Signal as signal:
        return Ending.BROKEN, f"{type(signal).__name__}: {signal}"
    except Exception as error:  # noqa: BLE001 - a client that lets anything else escape breaks its promise
        words = " ".join(str(error).split())[:160]
        return Ending.BROKEN, f"raised {type(error).__name__} ({words}), where a client raises only signals"
    return Ending.HOLDS, ""
