"""Telling people when there is no history to write messages into: at once, once, and to whoever may be told now."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypercare.notification.address import sender_of
from hypercare.notification.message import Kind, Listing, Message, Mood, Paragraph
from hypercare.notification.report_link import report_link
from hypercare.notification.routes import hears, sends_at
from hypercare.notification.sender import Unsent
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.notify import NotifyRoute

_LOG = logging.getLogger(__name__)
_BUDGET = timedelta(seconds=10)
_MOST_LINES = 20


def tell_directly(
    config: TargetConfig, title: str, problem: str, failures: Sequence[tuple[Level, str]], now: datetime
) -> dict[str, str]:
    """Say that the watch itself is in trouble, and what it saw fail all the same. Never raises, and takes no more than
    ten seconds.

    Returns:
        the routes that could not be told, with the reason.
    """
    message = _message(config, title, problem, failures, now)
    troubles: dict[str, str] = {}
    deadline = time.monotonic() + _BUDGET.total_seconds()
    threads = [
        threading.Thread(target=_send, args=(route, message, troubles), name=f"message to {route.name}", daemon=True)
        for route in _listening(config, [level for level, _ in failures], now)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(troubles)


def _listening(config: TargetConfig, levels: Sequence[Level], now: datetime) -> list[NotifyRoute]:
    worst = max(levels, default=None)
    return [
        route
        for route in config.notify
        if (hears(route, Kind.MONITOR) or (levels and hears(route, Kind.INCIDENT, levels)))
        and sends_at(route, config.business.calendar, worst, now) == now
    ]


def _message(
    config: TargetConfig, title: str, problem: str, failures: Sequence[tuple[Level, str]], now: datetime
) -> Message:
    worst = max((level for level, _ in failures), default=None)
    lines = [f"{level.value}: {sentence}" for level, sentence in sorted(failures, key=lambda one: one[0], reverse=True)]
    findings = (Listing(title="It saw fail", lines=tuple(lines[:_MOST_LINES]), more=max(0, len(lines) - _MOST_LINES)),)
    return Message(
        key=f"direct:{uuid.uuid4().hex}",
        kind=Kind.MONITOR,
        target=config.target.name,
        title=title,
        line=f"{title}: {lines[0]}" if lines else f"{title}.",
        at=now,
        level=worst,
        mood=Mood.BAD if worst is Level.L3 else Mood.WARN,
        blocks=(
            Paragraph(text=f"The watch itself is in trouble: {problem}. What it sees is not remembered meanwhile."),
            *(findings if lines else ()),
        ),
        next_step="Set the watch right, then run the round again.",
        link=report_link(config),
        data={"problem": problem, "failures": [{"level": level.value, "sentence": text} for level, text in failures]},
    )


def _send(route: NotifyRoute, message: Message, troubles: dict[str, str]) -> None:
    try:
        sender_of(route).send(message)
        _LOG.info("said directly to %s: %s", route.name, message.title)
    except Unsent as error:
        _LOG.warning("not said directly to %s: %s: %s", route.name, message.title, error)
        troubles[route.name] = str(error)
