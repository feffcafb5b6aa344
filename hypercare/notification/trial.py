"""A message that says nothing but that it arrived, to try a route before it is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from hypercare.notification.address import sender_of
from hypercare.notification.message import Kind, Message, Paragraph
from hypercare.notification.report_link import report_link
from hypercare.notification.sender import Unsent
from hypercare.reports.words import listed
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.notify import NotifyRoute


@dataclass(frozen=True)
class Trial:
    """`says` is what the route is there for and where it leads; `trouble` why the message did not go."""

    route: str
    says: str
    trouble: str | None = None


def trials(config: TargetConfig, names: Collection[str], now: datetime) -> Iterator[Trial]:
    """Send a test message on each of the routes, one after the other."""
    for route in config.notify:
        if route.name in names:
            yield _trial(config, route, now)


def purpose(route: NotifyRoute) -> str:
    """ "incident and monitor messages of L2 and L3, 07:00-20:00"."""
    where = f" that touch {listed(route.branches)}" if route.branches else ""
    days = "" if len(route.days) == 7 else f", {listed(route.days)}"
    hours = f", {route.hours.words}" if route.hours else ""
    return f"{listed(route.kinds)} messages of {listed(level.value for level in route.levels)}{where}{days}{hours}"


def _trial(config: TargetConfig, route: NotifyRoute, now: datetime) -> Trial:
    zone = config.business.calendar.zone
    message = Message(
        key=f"test:{route.name}:{now.isoformat()}",
        kind=Kind.TEST,
        target=config.target.name,
        title="This is a test",
        line="This is a test; nothing is wrong.",
        at=now,
        blocks=(
            Paragraph(text=f"Nothing is wrong. Sent at {now.astimezone(zone):%H:%M} to see that messages arrive."),
            Paragraph(text=f"Whoever reads this gets {purpose(route)}."),
        ),
        link=report_link(config),
    )
    try:
        sender = sender_of(route)
        sender.send(message)
    except Unsent as error:
        return Trial(route.name, purpose(route), str(error))
    return Trial(route.name, f"sent to {sender.shown}; {purpose(route)}")
