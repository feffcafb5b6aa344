"""The agenda as lines of text, and as plan.html: one file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from hypercare.agenda.agenda import AgendaDay, RoundOnAgenda
from hypercare.plan.item import Item
from hypercare.reports.navigation import navigation_from
from hypercare.reports.page import page_assets, rendered


def agenda_text(days: Sequence[AgendaDay], zone: ZoneInfo, *, in_full: bool) -> Iterator[str]:
    """The days; `in_full` names each item, else their number and what is new or ends is said."""
    for day in days:
        yield f"{day.day:%A} {day.day.day} {day.day:%B %Y}: {day.words}" + (f" ({day.closed})" if day.closed else "")
        for one in day.rounds:
            yield from _round(one, zone, in_full=in_full)
        if not day.rounds:
            yield "  no round is due"
        yield from _changes("from today", day.begins)
        yield from _changes("no longer", day.ends)
        yield ""


def _round(one: RoundOnAgenda, zone: ZoneInfo, *, in_full: bool) -> Iterator[str]:
    asked = f", {len(one.questions)} of them to a person" if one.questions else ""
    yield f"  {one.due.astimezone(zone):%H:%M}  {one.words}: {len(one.items)} items{asked}"
    if in_full:
        for item in one.looked_at:
            yield f"           {item.level.value}  {item.id:28} {item.words}"
    for item in one.questions:
        yield f"           asks  {item.id}: {item.question or item.words}"
    for level, who in one.who:
        yield f"           {level.value} goes to {who}"


def _changes(words: str, items: Sequence[Item]) -> Iterator[str]:
    if items:
        yield f"  {words}: {', '.join(item.id for item in items)}"


def agenda_page(days: Sequence[AgendaDay], target: str, zone: ZoneInfo, *, is_beside_reports: bool = False) -> str:
    """The whole page as text, with times in `zone`."""
    assets = page_assets(navigation=navigation_from("" if is_beside_reports else None))
    return rendered("plan.html.j2", days=days, target=target, zone=zone, **assets)
