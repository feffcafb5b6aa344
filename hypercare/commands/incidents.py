"""`hypercare incidents`: what is open, what was, and the whole story of one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import click

from hypercare.commands.people import CommandContext, of_target, unknown_incident
from hypercare.escalation.events import Event, EventKind, words_of
from hypercare.escalation.incident import Incident
from hypercare.escalation.incidents import UnknownIncident
from hypercare.safe_text import visible


@click.command()
@click.argument("number", type=int, metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="also those that are over")
@click.option("--json", "as_json", is_flag=True, help="for other programs, in the shape that summary.json has")
@of_target
def incidents(number: int | None, every: bool, as_json: bool, target_file: Path, reports: Path) -> int:
    """List the open incidents, the most urgent first; or tell the story of one."""
    context = CommandContext(target_file, reports)
    try:
        if as_json:
            click.echo(_json(context, number, every))
        elif number is not None:
            _print(_story(context, context.incidents.one(number, context.now)))
        else:
            found = context.incidents.all(context.now) if every else context.incidents.open(context.now)
            _print([_line(context, one) for one in found] or [f"No incident {'was ever' if every else 'is'} open."])
    except UnknownIncident as error:
        raise unknown_incident(error, context.config) from None
    return 0


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(visible(line))


def _json(context: CommandContext, number: int | None, every: bool) -> str:
    if number is not None:
        return context.incidents.one(number, context.now).model_dump_json(indent=1)
    found = context.incidents.all(context.now) if every else context.incidents.open(context.now)
    stories = {one.id: one for one in context.incidents.stories([one.id for one in found], context.now)}
    return json.dumps([stories[one.id].model_dump(mode="json") for one in found], indent=1)


def _line(context: CommandContext, one: Incident) -> str:
    return f"{one.id:4} {one.level.value} since {context.when(one.opened)}, {_state(context, one)}: {one.sentence}"


def _state(context: CommandContext, one: Incident) -> str:
    if one.resolved is not None:
        return f"over since {context.when(one.resolved)}"
    flapping = ", comes and goes" if one.flapping else ""
    if one.holding_since is not None:
        return f"holding since {context.when(one.holding_since)}{flapping}"
    if one.acknowledged is not None:
        return f"acknowledged by {one.acknowledged_by}{flapping}"
    late = "no answer since" if one.is_late(context.now) else "to answer by"
    return f"waits for {one.who}, {late} {context.when(one.answer_due)}{flapping}"


def _story(context: CommandContext, one: Incident) -> Iterator[str]:
    yield f"Incident {one.id}, {one.level.value} {one.level.words}: {one.sentence}"
    yield from (f"  besides: {sentence}" for sentence in one.findings if sentence != one.sentence)
    yield f"  {_state(context, one)}"
    for title, names in (
        ("seen in", one.items),
        ("still failing", one.failing),
        ("keeps back", one.blocked),
        ("branches", one.branches),
    ):
        if names:
            yield f"  {title}: {', '.join(names)}"
    yield ""
    for kind, group in groupby(context.incidents.events_of(one.id), key=lambda event: event.kind):
        events = list(group)
        yield from (
            _merely_seen(context, events)
            if kind is EventKind.SEEN
            else (_event_line(context, event) for event in events)
        )


def _merely_seen(context: CommandContext, events: list[Event]) -> Iterator[str]:
    """Sights without anything new in between are one line."""
    last = events[-1]
    times = f", the last of {len(events)} times" if len(events) > 1 else ""
    yield f"  {context.when(last.at)}  {words_of(last)}{times}"


def _event_line(context: CommandContext, event: Event) -> str:
    return f"  {context.when(event.at)}  {words_of(event)}"
