"""Who would be told: every route's address is read, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from hypercare.doctor.attempt import Attempt, Wrong, attempted
from hypercare.notification.address import sender_of
from hypercare.notification.gaps import notification_gaps
from hypercare.notification.sender import Unsent
from hypercare.notification.trial import purpose
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.notify import NotifyRoute
from hypercare.target_file.target import Target


def try_routes(target: Target) -> Iterator[Attempt]:
    for route in target.config.notify:
        yield attempted("notify", f"route {route.name}", lambda one=route: _route(one, target.config))  # type: ignore[misc]
    yield attempted("notify", "who is told", lambda: _who_is_told(target))


def _route(route: NotifyRoute, config: TargetConfig) -> str:
    try:
        sender = sender_of(route)
    except Unsent as error:
        raise Wrong(f"{error}.", f"Correct url of the [[notify]] route {route.name}.") from None
    command = command_line(config, "notify test", reads_history=False)
    return f"{purpose(route)}, by {sender.shown}; `{command}` sends a message"


def _who_is_told(target: Target) -> str:
    config: TargetConfig = target.config
    if not config.notify:
        raise NotCovered(
            "Nobody is told anything: there is no [[notify]] route.", remedy="Add [[notify]]; see docs/notification.md."
        )
    gaps = notification_gaps(config, target.now())
    if gaps:
        raise NotCovered(" ".join(gaps), remedy="Add a [[notify]] route that takes them, or widen one.")
    return "an incident of each level reaches somebody at every hour"
