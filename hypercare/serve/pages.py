"""Pages from templates, in the design of the reports: no script, and every string of a person or target escaped."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from hypercare.escalation.incident import Incident
from hypercare.language.texts import translated_page
from hypercare.reports.page import environment, page_assets
from hypercare.reports.verdict import response_words
from hypercare.review.acts import LONGEST_TEXT
from hypercare.serve.sessions import Session

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The pages about one target. Instants are shown in the time zone of its business."""

    def __init__(self, target: str, zone: ZoneInfo) -> None:
        self._target = target
        self._zone = zone

    def page(self, template: str, session: Session | None, **values: Any) -> bytes:
        """A whole page. `session` is that of whoever reads it, None for somebody who is not logged in."""
        shared = {"target": self._target, "session": session, "longest": LONGEST_TEXT, "icons": self._icons}
        text = translated_page(self._environment.get_template(template).render(**shared, **values))
        return text.encode("utf-8", "replace")

    @cached_property
    def style(self) -> bytes:
        """The styles of the reports, and those of forms."""
        own = (_TEMPLATES / "serve.css").read_text(encoding="utf-8")
        return f"{page_assets()['style']}\n{own}".encode()

    @cached_property
    def _icons(self) -> Markup:
        """Without the style that its element has in reports: here all styles are in one file."""
        return Markup(page_assets()["icons"].replace(Markup(' style="position:absolute"'), Markup("")))

    @cached_property
    def _environment(self) -> Environment:
        of_reports = environment()
        assert of_reports.loader is not None
        made = of_reports.overlay(loader=ChoiceLoader([FileSystemLoader(_TEMPLATES), of_reports.loader]))
        # An overlay shares its filters with what it lies over.
        made.filters = {
            **of_reports.filters,
            "when": self._when,
            "answered": self._answered,
            "day_words": day_words,
        }
        return made

    def _when(self, instant: datetime) -> str:
        there = instant.astimezone(self._zone)
        return f"{there.day} {there:%b %H:%M}"

    def _answered(self, incident: Incident, now: datetime) -> str:
        """The same words as in a report, by the clocks of the business."""
        there = {
            name: self._there(instant) for name, instant in dict(incident).items() if isinstance(instant, datetime)
        }
        return response_words(incident.model_copy(update=there), self._there(now))

    def _there(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)


def day_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
