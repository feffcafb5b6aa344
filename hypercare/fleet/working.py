"""A worker of a fleet: its rounds one after the other, or some at once, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from types import FrameType

from hypercare.fleet.one_round import OUR_FAULT, AskedRound, Ended, How, run_one

Tell = Callable[[AskedRound, Ended], None]
# A claim of elsewhere runs out after minutes, and one of here as soon as its process is gone.
_LOOK_AGAIN_SECONDS, _AT_MOST_SECONDS = 2.0, 30.0
# What is asked to end may still undo what it did to the target.
_SECONDS_TO_END = 30


@dataclass(frozen=True)
class _Running:
    asked: AskedRound
    process: ForkServerProcess
    receiver: Connection

    def ended(self) -> Ended:
        """How it ended, once its process has."""
        self.process.join()
        try:
            return self.receiver.recv() if self.receiver.poll() else self._told_nothing()
        except EOFError:
            return self._told_nothing()
        finally:
            self.receiver.close()

    def _told_nothing(self) -> Ended:
        code = self.process.exitcode or 0
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        return Ended(How.RAN, OUR_FAULT, f"its process {how}")


def run_fleet(
    rounds: Iterable[AskedRound], tell: Tell, *, at_once: int = 1, pause: float = _LOOK_AGAIN_SECONDS
) -> list[Ended]:
    """Run each round that is not done yet, and tell of each as it ends; of one that another is at once, and again when
    it has ended.

    What others are at is looked at again when all else is done, less and less often, until it has ended or its claim
    has run out: a worker that is killed leaves nothing undone as long as another works.
    """
    waiting, held, told = deque(rounds), list[AskedRound](), set[AskedRound]()
    running: list[_Running] = []
    ends: list[Ended] = []
    with _ending_what_runs(running):
        while waiting or running or held:
            if not waiting and not running:
                time.sleep(pause)
                pause = min(2 * pause, _AT_MOST_SECONDS)
                waiting.extend(held)
                held.clear()
            while waiting and len(running) < at_once:
                running.append(_start(waiting.popleft()))
            for one in _some_that_ended(running):
                running.remove(one)
                ended = one.ended()
                if ended.how is How.HELD:
                    held.append(one.asked)
                else:
                    ends.append(ended)
                if ended.how is not How.HELD or one.asked not in told:
                    tell(one.asked, ended)
                told.add(one.asked)
    return ends


def _start(asked: AskedRound) -> _Running:
    """Copied from a process that has loaded everything, which takes a fraction of starting one anew."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hypercare.fleet.preloaded"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_one, args=(asked, sender))
    process.start()
    sender.close()
    return _Running(asked, process, receiver)


def _some_that_ended(running: Iterable[_Running]) -> list[_Running]:
    by_sentinel = {one.process.sentinel: one for one in running}
    return [by_sentinel[sentinel] for sentinel in wait(list(by_sentinel)) if isinstance(sentinel, int)]


@contextmanager
def _ending_what_runs(running: list[_Running]) -> Iterator[None]:
    """Whoever stops us, by the keyboard or as a scheduler does, stops the rounds that we started too."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except BaseException as stopped:
        for one in running:
            # From the keyboard they have heard it too.
            if not isinstance(stopped, KeyboardInterrupt) and one.process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(one.process.pid, signal.SIGINT)
        for one in running:
            one.process.join(_SECONDS_TO_END)
            one.process.kill()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
