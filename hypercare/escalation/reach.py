"""Whether the people of a level can be reached: who they are, by which route, and whether messages arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.escalation import plan_levels

_A_DAY = timedelta(days=1)
# A message that waits for its second try is under way.
_UNDER_WAY = timedelta(minutes=15)
_ARRIVED = ("sent", "left out", "joined")


class Reach:
    """How people of one target are reached, as of an instant."""

    def __init__(self, config: TargetConfig, history: History, as_of: datetime) -> None:
        self._config = config
        self._history = history
        self._as_of = as_of

    def require_people(self, level: Level) -> None:
        """Raise NotCovered where the target file names nobody for a level, or no route that tells them."""
        if self._config.escalation[level] == plan_levels()[level]:
            raise NotCovered(
                f"The target file does not say who acts at {level}.",
                remedy=f"Write [escalation.{level}] with who, and how soon they answer.",
            )
        if not any(level in route.levels and "incident" in route.kinds for route in self._config.notify):
            raise NotCovered(
                f"No message reaches the people of {level}: no route of the target file has it.",
                remedy="Write a [[notify]] for them, and try it: hypercare notify test.",
            )

    def undelivered(self, level: Level) -> Found:
        """Messages of a level that were made within the last day and have not arrived, though they had the time."""
        messages, deliveries = tables.messages, tables.deliveries
        query = (
            select(messages.c.title, messages.c.created, deliveries.c.route, deliveries.c.state, deliveries.c.trouble)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(
                messages.c.target == self._history.target,
                messages.c.level == level.value,
                messages.c.created.between(stored(self._as_of - _A_DAY), stored(self._as_of - _UNDER_WAY)),
            )
            .order_by(messages.c.created.desc())
        )
        with self._history.reading() as connection:
            rows = connection.execute(query).mappings().all()
        zone = self._config.business.calendar.zone
        lost = [
            {
                "message": row["title"],
                "route": row["route"],
                "made": f"{instant_of(row['created']).astimezone(zone):%d %b %H:%M}",
                "trouble": row["trouble"],
            }
            for row in rows
            if row["state"] not in _ARRIVED and row["trouble"]
        ]
        return Found.of_rows(lost, where="messages", of=len(rows))
