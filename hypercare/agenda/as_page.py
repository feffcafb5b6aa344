"""plan.html: the agenda as a page. One file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hypercare.agenda.agenda import AgendaDay
from hypercare.reports.page import environment, page_assets


def agenda_page(days: Sequence[AgendaDay], target: str, zone: ZoneInfo) -> str:
    """The whole page as text, with times in `zone`."""
    template = environment().get_template("plan.html.j2")
    return template.render(days=days, target=target, zone=zone, **page_assets())
