"""`hypercare watch`: from any machine that reaches the history, notice what nobody else would."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from hypercare.commands.people import of_target
from hypercare.commands.target import load_target
from hypercare.history.opening import open_history
from hypercare.history.problem import HistoryProblem
from hypercare.notification.directly import tell_directly
from hypercare.notification.heartbeat import Beat, Heartbeat
from hypercare.notification.watch import WatchResult, watch_once
from hypercare.plan.rounds import words_of_round
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.duration import parsed_duration
from hypercare.target_file.loading import check_secrets
from hypercare.target_file.target import clock_of

_LOG = logging.getLogger(__name__)
_NOTHING, _SOMETHING, _OUR_FAULT = 0, 1, 3


@click.command()
@of_target
@click.option("--every", default="5m", show_default=True, help="how often to look, for instance 30s or 5m")
@click.option("--once", is_flag=True, help="look once and end")
def watch(target_file: Path, reports: Path, every: str, once: bool) -> int:
    """Notice what does not happen: rounds that did not run, incidents that nobody answers, messages that wait.

    Looks until it is stopped, and says each thing once. With --once the exit status is 0 when nothing new is amiss, 1
    when a round did not happen, none ever did, or an incident is late, 3 when messages do not arrive or the history
    cannot be used.
    """
    config = load_target(target_file)
    check_secrets(config)
    watcher = _Watcher(config, reports)
    if once:
        return watcher.watch_once()
    pause = _pause(every)
    with _stopped_by_signal() as stopped:
        while not stopped(0):
            watcher.watch_once()
            stopped(pause.total_seconds())
    return _NOTHING


class _Watcher:
    """Says each thing once, however often it looks."""

    def __init__(self, config: TargetConfig, reports: Path) -> None:
        self._config = config
        self._history = open_history(config, reports)
        self._heartbeat = Heartbeat.of_watching(config.heartbeat)
        self._printed: set[str] = set()

    def watch_once(self) -> int:
        try:
            result = watch_once(self._history, self._config, clock_of(self._config))
        except HistoryProblem as error:
            if str(error) not in self._printed:
                tell_directly(self._config, "The watch cannot use its history", str(error), (), clock_of(self._config))
            self._say([str(error)])
            self._beat(Beat.FAIL, str(error))
            return _OUR_FAULT
        sent, changes, missed = len(result.delivered.sent), len(result.changes), len(result.missed)
        _LOG.debug("looked: %d incidents changed, %d rounds did not happen, %d messages sent", changes, missed, sent)
        silent = [] if result.any_round else [f"no round of {self._config.target.name} is in {self._history.shown} yet"]
        self._say([*silent, *_lines(result, self._config)])
        self._beat(Beat.SUCCESS, "")
        if result.delivered.troubles:
            return _OUR_FAULT
        return _SOMETHING if silent or result.changes or result.missed or result.forgotten else _NOTHING

    def _beat(self, which: Beat, says: str) -> None:
        self._heartbeat.beat(which, says)
        trouble = self._heartbeat.settled()
        if trouble:
            self._say([trouble])

    def _say(self, lines: list[str]) -> None:
        zone = self._config.business.calendar.zone
        for line in lines:
            if line not in self._printed:
                click.echo(f"{clock_of(self._config).astimezone(zone):%Y-%m-%d %H:%M} {line}")
        self._printed = set(lines)


def _lines(result: WatchResult, config: TargetConfig) -> list[str]:
    zone = config.business.calendar.zone
    lines = [f"incident {one.incident.id} is {one.kind.value}: {one.incident.sentence}" for one in result.changes]
    for missed in result.missed:
        due = missed.due.astimezone(zone)
        at = "" if missed.nth == 1 else f"at {due:%H:%M} "
        how = "did not happen" if missed.begun is None else "broke off"
        lines.append(f"the {words_of_round(missed.round).lower()} of {due:%A} {due.day} {due:%B} {at}{how}")
    lines += result.forgotten
    lines += [f"told {route}: {message.line}" for route, message in result.delivered.sent]
    lines += [f"messages do not arrive at {route}: {trouble}" for route, trouble in result.delivered.troubles.items()]
    return lines


def _pause(text: str) -> timedelta:
    try:
        pause = parsed_duration(text)
    except ValueError as error:
        raise click.ClickException(f"--every: {error}") from None
    if not isinstance(pause, timedelta) or pause < timedelta(seconds=1):
        raise click.ClickException("--every is to be at least 1s")
    return pause


@contextmanager
def _stopped_by_signal() -> Iterator[Callable[[float], bool]]:
    """Gives a pause that ends early, and for ever, when the process is asked to stop."""
    stop_requested = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda *_: stop_requested.set())
    try:
        yield stop_requested.wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
