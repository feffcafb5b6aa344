"""What is due on one route at one time, told in as few messages as make sense."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hypercare.escalation.changes import ChangeKind
from hypercare.notification.message import Kind, Listing, Message, Mood, Paragraph
from hypercare.notification.outbox import Due
from hypercare.outcome.level import Level
from hypercare.reports.words import listed

_CHANGES = {
    ChangeKind.OPENED: "new",
    ChangeKind.REOPENED: "back again",
    ChangeKind.RAISED: "raised",
    ChangeKind.FOUND: "found besides",
    ChangeKind.LATE: "not answered",
    ChangeKind.REMINDED: "still open",
    ChangeKind.FLAPPING: "coming and going",
    ChangeKind.ACKNOWLEDGED: "answered",
    ChangeKind.RESOLVED: "over",
}
_WEIGHT = {Mood.BAD: 3, Mood.WARN: 2, Mood.PLAIN: 1, Mood.GOOD: 0}
_MOST_LINES = 20


@dataclass(frozen=True)
class Batch:
    """One message to send, and the deliveries that it makes good. `outdated` are those that a newer one replaces."""

    message: Message
    holds: tuple[Due, ...]
    outdated: tuple[Due, ...] = ()


def batches_of(due: Sequence[Due], together_from: int) -> list[Batch]:
    """Put together what belongs together.

    What happened to one incident since the route was last reached is one message, and so are rounds that did not
    happen; of several digests only the newest says how it is. From `together_from` incidents on, all is one message.
    """
    matters: dict[str, list[Due]] = {}
    for one in due:
        matters.setdefault(one.message.about or one.message.key, []).append(one)
    batches = [_of_one_matter(together) for together in matters.values()]
    incidents = sum(batch.message.kind is Kind.INCIDENT for batch in batches)
    return [_storm(batches)] if incidents >= together_from else batches


def _of_one_matter(due: Sequence[Due]) -> Batch:
    newest = due[-1].message
    if len(due) == 1:
        return Batch(newest, tuple(due))
    if newest.kind is Kind.DIGEST:
        return Batch(newest, tuple(due[-1:]), outdated=tuple(due[:-1]))
    lines = tuple(one.message.line for one in (due if newest.many else due[:-1]))
    listing = Listing(title="These" if newest.many else "Before that", lines=lines[-_MOST_LINES:])
    title = newest.many.format(count=len(due)) if newest.many else newest.title
    changes = {
        "key": _key_of([one.message for one in due]),
        "title": title,
        "line": title,
        "level": max((one.message.level for one in due if one.message.level), default=None),
        "blocks": (listing,) if newest.many else (*newest.blocks, listing),
    }
    return Batch(newest.model_copy(update=changes), tuple(due))


def _storm(batches: Sequence[Batch]) -> Batch:
    """All of it in one message that lists by weight; the digest says how it is on the whole."""
    messages = [batch.message for batch in batches]
    digest = next((one for one in messages if one.kind is Kind.DIGEST), None)
    listed_ones = sorted(
        (one for one in messages if one is not digest),
        key=lambda one: (one.level or Level.L1, _WEIGHT[one.mood]),
        reverse=True,
    )
    lines = [one.line for one in listed_ones]
    title = _storm_title(listed_ones)
    on_the_whole = (Paragraph(text=digest.line),) if digest is not None else ()
    worst = listed_ones[0]
    return Batch(
        Message(
            key=_key_of(messages),
            kind=Kind.INCIDENT,
            target=worst.target,
            title=title,
            line=f"{title}. First: {worst.line}",
            at=max(one.at for one in messages),
            level=max((one.level for one in listed_ones if one.level), default=None),
            mood=max((one.mood for one in listed_ones), key=lambda mood: _WEIGHT[mood]),
            blocks=(
                *on_the_whole,
                Listing(
                    title="The weightiest first",
                    lines=tuple(lines[:_MOST_LINES]),
                    more=max(0, len(lines) - _MOST_LINES),
                ),
            ),
            next_step=_take_on(str(worst.data.get("options", ""))),
            link=worst.link,
            data={"messages": [{"kind": one.kind.value, "title": one.title, **one.data} for one in listed_ones]},
        ),
        tuple(due for batch in batches for due in batch.holds),
        tuple(due for batch in batches for due in batch.outdated),
    )


def _take_on(options: str) -> str:
    commands = [f"hypercare {words} {options}".rstrip() for words in ("incidents", "ack NUMBER --by NAME")]
    return f"Acknowledge what you take on: {commands[0]}, then {commands[1]}"


def _storm_title(messages: Sequence[Message]) -> str:
    """ "100 incidents at once: 98 new and 2 over, up to L3 critical"."""
    changes = Counter(str(one.data.get("change", "")) for one in messages if one.kind is Kind.INCIDENT)
    counts = listed(f"{changes[kind]} {words}" for kind, words in _CHANGES.items() if changes[kind])
    worst = max((one.level for one in messages if one.level and one.mood is not Mood.GOOD), default=None)
    return f"{changes.total()} incidents at once: {counts}" + (f", up to {worst.value} {worst.words}" if worst else "")


def _key_of(messages: Sequence[Message]) -> str:
    """The same for the same messages, so that a receiver can tell a second delivery of them."""
    return "together:" + hashlib.sha256("\n".join(one.key for one in messages).encode()).hexdigest()[:24]
