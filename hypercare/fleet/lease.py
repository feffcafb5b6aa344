"""Keeping a claim while its round runs, and ending the round that has lost it or hangs."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hypercare.history.claims import RENEWED_EVERY, Claim, renew
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History

_LOG = logging.getLogger(__name__)
# A round looks to its own limit; one that still has not ended after these minutes more hangs.
_MINUTES_MORE = timedelta(minutes=5)
_OUR_FAULT = 3


@contextmanager
def kept_up(history: History, claim: Claim, limit: timedelta, every: timedelta = RENEWED_EVERY) -> Iterator[None]:
    """Renew the claim beside the round until it has ended.

    A round whose claim is another's by now is interrupted as from the keyboard, and publishes nothing. One that hangs
    long past its limit takes its process with it, so that its claim is free again.
    """
    ended = threading.Event()
    last = time.monotonic() + (limit + _MINUTES_MORE).total_seconds()
    renewing = threading.Thread(target=_keep, args=(history, claim, ended, last, every), daemon=True)
    with _interruptible():
        renewing.start()
        try:
            yield
        finally:
            ended.set()
            renewing.join()


@contextmanager
def _interruptible() -> Iterator[None]:
    """A shell that puts a command into the background lets it ignore interrupts, ours among them."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _keep(history: History, claim: Claim, ended: threading.Event, last: float, every: timedelta) -> None:
    while not ended.wait(every.total_seconds()):
        if time.monotonic() > last:
            _LOG.error("the round %s did not end and is ended", claim.occurrence.round)
            os._exit(_OUR_FAULT)
        try:
            is_ours = renew(history, claim)
        except HistoryProblem:
            continue  # whoever asks the history cannot get the claim either, or it is renewed the next time
        finally:
            history.close()
        if not is_ours:
            _LOG.error("the round %s is run by another by now", claim.occurrence.round)
            os.kill(os.getpid(), signal.SIGINT)
            return
