"""What is to be told and to whom, written down before it is sent: nothing is lost, and nothing is told twice."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Select, func, select, update

from hypercare.history import tables
from hypercare.history.instants import instant_of, instant_or_none, stored
from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark
from hypercare.notification.message import Kind, Message, Paragraph

_LOG = logging.getLogger(__name__)
_MESSAGES, _DELIVERIES = tables.messages, tables.deliveries
# Whoever took a delivery and was not heard of since is taken for dead.
LEASE = timedelta(minutes=10)
_MOST_AT_ONCE = 500
_TOLD = "incident events told"


class State(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given up"
    LEFT_OUT = "left out"


_SAID = (
    _MESSAGES.c.key,
    _MESSAGES.c.kind,
    _MESSAGES.c.title,
    _MESSAGES.c.body,
    _MESSAGES.c.created,
    _MESSAGES.c.content,
)
_UNDONE = (State.WAITING.value, State.SENDING.value)


@dataclass(frozen=True)
class QueuedMessage:
    """A message with the routes that it goes to, each with the instant from which it may be sent."""

    message: Message
    routes: Mapping[str, datetime]


@dataclass(frozen=True)
class Due:
    """A delivery that this process has taken; `claim` proves it. `attempts` were made before."""

    id: int
    claim: str
    attempts: int
    message: Message


@dataclass(frozen=True)
class Waiting:
    """A message that has not arrived."""

    route: str
    title: str
    created: datetime
    state: State
    attempts: int
    next_try: datetime | None
    trouble: str


class Outbox:
    """The messages of one target."""

    def __init__(self, history: History) -> None:
        self._history = history

    def put(self, messages: Iterable[QueuedMessage], now: datetime) -> set[str]:
        """Write down what is not there yet; what is, has been told already.

        Returns:
            the keys of the messages that were new.
        """
        by_key = {one.message.key: one for one in messages}
        if not by_key:
            return set()
        with self._history.writing() as connection:
            known_ids = self._ids(connection, by_key)
            fresh = [one for key, one in by_key.items() if key not in known_ids]
            if fresh:
                connection.execute(_MESSAGES.insert(), [self._row(one.message, now) for one in fresh])
                ids = self._ids(connection, by_key)
                rows = [
                    {"message_id": ids[one.message.key], "route": route, "state": State.WAITING, "next_try": stored(at)}
                    for one in fresh
                    for route, at in one.routes.items()
                ]
                if rows:
                    connection.execute(_DELIVERIES.insert(), rows)
        for one in fresh:
            _log_told(one, now)
        return {one.message.key for one in fresh}

    @property
    def told_up_to(self) -> int | None:
        """The number of the last event of an incident that messages were written of; None before the first."""
        mark = watermark(self._history, _TOLD)
        return int(mark.value) if mark else None

    def put_changes(self, messages: Iterable[QueuedMessage], last_event: int | None, now: datetime) -> None:
        """Write down the messages of changes together with how far they go, or neither.

        Without `last_event` that is as far as anything is recorded.
        """
        with self._history.writing() as connection:
            self.put(messages, now)
            last = last_event if last_event is not None else self._newest_event(connection)
            put_watermark(self._history, _TOLD, str(last), now)

    def told_of(self, prefix: str) -> set[str]:
        """The routes that were told, or will be, anything whose key begins so."""
        query = self._joined(_DELIVERIES.c.route).where(
            _MESSAGES.c.key.startswith(prefix, autoescape=True), _DELIVERIES.c.state != State.LEFT_OUT
        )
        with self._history.reading() as connection:
            return set(connection.execute(query.distinct()).scalars())

    def newest(self, kind: Kind) -> Message | None:
        mine = (_MESSAGES.c.target == self._history.target, _MESSAGES.c.kind == kind)
        query = select(*_SAID).where(*mine).order_by(_MESSAGES.c.id.desc()).limit(1)
        with self._history.reading() as connection:
            row = connection.execute(query).first()
        return _message(row) if row else None

    def routes_due(self, now: datetime) -> list[str]:
        with self._history.reading() as connection:
            return sorted(connection.execute(self._due(_DELIVERIES.c.route, now=now).distinct()).scalars())

    def take(self, route: str, now: datetime) -> list[Due]:
        """Take what is due on a route, so that no other process sends it too; the oldest first."""
        claim = uuid.uuid4().hex
        query = self._due(_DELIVERIES.c.id, _DELIVERIES.c.attempts, *_SAID, now=now).where(_DELIVERIES.c.route == route)
        with self._history.writing() as connection:
            rows = connection.execute(query.order_by(_DELIVERIES.c.id).limit(_MOST_AT_ONCE)).all()
            if rows:
                change = update(_DELIVERIES).where(_DELIVERIES.c.id.in_([row.id for row in rows]))
                lease = stored(now + LEASE)
                connection.execute(change.values(state=State.SENDING, claim=claim, next_try=lease))
        return [Due(row.id, claim, row.attempts, _message(row)) for row in rows]

    def sent(self, due: Collection[Due], at: datetime) -> None:
        self._settle(due, state=State.SENT, sent=stored(at), next_try=None, trouble=None, tried=True)

    def mark_left_out(self, due: Collection[Due], why: str) -> None:
        self._settle(due, state=State.LEFT_OUT, next_try=None, trouble=why)

    def failed(self, due: Collection[Due], trouble: str, next_try: datetime) -> None:
        self._settle(due, state=State.WAITING, trouble=trouble, next_try=stored(next_try), tried=True)

    def given_up(self, due: Collection[Due], trouble: str) -> None:
        self._settle(due, state=State.GIVEN_UP, trouble=trouble, next_try=None, tried=True)

    def put_back(self, due: Collection[Due], next_try: datetime) -> None:
        """What was taken but not tried."""
        self._settle(due, state=State.WAITING, next_try=stored(next_try))

    def waiting(self) -> list[Waiting]:
        """What has not arrived, and what was given up; the oldest first."""
        rows = _DELIVERIES.c
        columns = (rows.route, rows.state, rows.attempts, rows.next_try, rows.trouble)
        query = self._joined(*columns, _MESSAGES.c.title, _MESSAGES.c.created)
        undone = query.where(rows.state.in_((*_UNDONE, State.GIVEN_UP.value))).order_by(rows.id)
        with self._history.reading() as connection:
            found = connection.execute(undone).all()
        return [
            Waiting(
                route=row.route,
                title=row.title,
                created=instant_of(row.created),
                state=State(row.state),
                attempts=row.attempts,
                next_try=instant_or_none(row.next_try),
                trouble=row.trouble or "",
            )
            for row in found
        ]

    def hurry(self, now: datetime) -> int:
        """Make everything that waits due at once, what was given up as well.

        Returns:
            how many deliveries that are.
        """
        mine = self._joined(_DELIVERIES.c.id).where(
            _DELIVERIES.c.state.in_((State.WAITING.value, State.GIVEN_UP.value))
        )
        with self._history.writing() as connection:
            ids = list(connection.execute(mine).scalars())
            change = update(_DELIVERIES).where(_DELIVERIES.c.id.in_(ids))
            connection.execute(change.values(state=State.WAITING, attempts=0, next_try=stored(now)))
        return len(ids)

    def _newest_event(self, connection: Connection) -> int:
        events, incidents = tables.incident_events, tables.incidents
        mine = select(func.max(events.c.id)).join(incidents, events.c.incident_id == incidents.c.id)
        found: int | None = connection.execute(mine.where(incidents.c.target == self._history.target)).scalar()
        return found or 0

    def _settle(self, due: Collection[Due], *, tried: bool = False, **values: Any) -> None:
        if not due:
            return
        mine = {one.claim for one in due}
        change = update(_DELIVERIES).where(_DELIVERIES.c.id.in_([one.id for one in due]), _DELIVERIES.c.claim.in_(mine))
        if tried:
            values["attempts"] = _DELIVERIES.c.attempts + 1
        with self._history.writing() as connection:
            connection.execute(change.values(**values, claim=None))

    def _due(self, *columns: Any, now: datetime) -> Select[Any]:
        rows = _DELIVERIES.c
        return self._joined(*columns).where(rows.state.in_(_UNDONE), rows.next_try <= stored(now))

    def _joined(self, *columns: Any) -> Select[Any]:
        both = _DELIVERIES.join(_MESSAGES, _DELIVERIES.c.message_id == _MESSAGES.c.id)
        return select(*columns).select_from(both).where(_MESSAGES.c.target == self._history.target)

    def _ids(self, connection: Connection, keys: Collection[str]) -> dict[str, int]:
        query = select(_MESSAGES.c.key, _MESSAGES.c.id).where(
            _MESSAGES.c.target == self._history.target, _MESSAGES.c.key.in_(list(keys))
        )
        return {row.key: row.id for row in connection.execute(query)}

    def _row(self, message: Message, now: datetime) -> dict[str, Any]:
        return {
            "target": self._history.target,
            "key": message.key,
            "kind": message.kind,
            "level": message.level,
            "title": message.title,
            "body": "\n".join(message.texts()),
            "content": message.model_dump(mode="json"),
            "created": stored(now),
        }


def _log_told(one: QueuedMessage, now: datetime) -> None:
    to = [
        f"{route} (held until {at.isoformat(timespec='seconds')})" if at > now else route
        for route, at in one.routes.items()
    ]
    _LOG.info("to be told, %s, to %s: %s", one.message.key, ", ".join(to) or "nobody", one.message.title)


def _message(row: Any) -> Message:
    """A message as it was written; one that another version wrote in a way of its own is sent by its words alone."""
    try:
        return Message.model_validate(row.content)
    except ValidationError:
        words = tuple(Paragraph(text=line) for line in row.body.splitlines())
        values = {"key": row.key, "kind": row.kind, "at": instant_of(row.created), "target": "Hypercare"}
        return Message(**values, title=row.title, line=row.title, blocks=words)
