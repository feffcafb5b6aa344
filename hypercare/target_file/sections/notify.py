"""Who is told what, by which way, and how the watch itself is watched: [[notify]], [messages] and [heartbeat]."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from hypercare.outcome.level import Level
from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Section, one_or_more

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MessageKind = Literal["incident", "digest", "monitor"]
Form = Literal["auto", "short", "plain", "chat", "mail", "data"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_HOURS = re.compile(r"\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


class Hours(Section):
    """From one local time to another; over midnight where the second is not the later one."""

    start: time
    end: time

    @property
    def words(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _as_hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _HOURS.fullmatch(value)
    try:
        start, end = (_clock(part) for part in found.groups()) if found else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None:
        raise ValueError(f'{value!r} are no hours; write for instance "07:00-20:00"')
    return {"start": start, "end": end}


def _clock(text: str) -> time:
    # Midnight at the end of a day is the start of the next.
    return time() if text == "24:00" else time.fromisoformat(text.zfill(5))


def _as_address(value: object) -> object:
    # The value is not repeated: what stands here is often a secret.
    if isinstance(value, str) and _SCHEME.match(value):
        return value
    try:
        return SecretReference.model_validate(value)
    except ValidationError:
        raise ValueError(
            'write an address, "mailto://...", or where it is: { env = "NAME" }, { file = "path" }'
        ) from None


Address = Annotated[str | SecretReference, BeforeValidator(_as_address)]
HoursOfDay = Annotated[Hours, BeforeValidator(_as_hours, json_schema_input_type=str)]
_Levels = Annotated[tuple[Level, ...], BeforeValidator(one_or_more)]


class NotifyRoute(Section):
    """One way to tell people. `url` is an address as Apprise writes it, or https:// for a webhook; it usually holds a
    secret, so refer to it.

    A route hears of incidents of its `levels` that touch its `branches` (or the whole business). `kinds` are
    "incident", "digest" (after each round) and "monitor" (rounds that did not happen, messages that do not arrive).
    Outside `days` and `hours`, of the business's own zone, messages wait (or with `outside = "drop"` are left out),
    but for those of the levels in `always`. With `quiet` no digest is sent when nothing changed since the last one.
    `form` is chosen by the address: "short" (an SMS), "plain", "chat" (Markdown), "mail", "data" (JSON).
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$")
    url: Address
    levels: _Levels = (Level.L1, Level.L2, Level.L3)
    branches: tuple[str, ...] = ()
    kinds: tuple[MessageKind, ...] = ("incident", "digest", "monitor")
    days: tuple[Weekday, ...] = WEEK
    hours: HoursOfDay | None = None
    outside: Literal["wait", "drop"] = "wait"
    always: _Levels = ()
    quiet: bool = True
    form: Form = "auto"

    @field_validator("days", "levels", "kinds")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one is needed; leave the key out for all")
        return value

    @property
    def address(self) -> str:
        """Where it leads. Raises MissingSecret when it is referred to and not there."""
        return self.url if isinstance(self.url, str) else self.url.resolve()


class MessagesSection(Section):
    """How messages are sent. From `together_from` messages of incidents at one time on, a route gets one that lists
    them. What does not arrive is tried again, later each time and `attempts` times in all; sending never holds a round
    up for longer than `budget`.
    """

    together_from: int = Field(default=4, ge=2)
    attempts: int = Field(default=12, ge=1)
    retry_after: Duration = timedelta(minutes=1)
    retry_at_most_every: Duration = timedelta(hours=1)
    budget: Duration = timedelta(seconds=20)


class HeartbeatSection(Section):
    """Who notices when nobody looks: a service elsewhere, which tells when the pings stay away.

    `url` is pinged when a round starts (with `start` added), when it has ended (`success`) and when the monitor itself
    is at fault (`fail`): what healthchecks.io and its like expect. An empty `start` or `fail` is not pinged.
    `watch_url` and `probe_url` are pinged by each look of `hypercare watch` and `hypercare probe`.
    """

    url: Address | None = None
    watch_url: Address | None = None
    probe_url: Address | None = None
    start: str = "/start"
    success: str = ""
    fail: str = "/fail"
    timeout: Duration = timedelta(seconds=5)
