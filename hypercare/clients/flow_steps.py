"""Taking the steps of a flow on a page."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, cast

from hypercare.browser.page import PageSession
from hypercare.http.reachability import too_slow
from hypercare.target_file.sections.flow import ACTIONS, FlowStep
from hypercare.target_file.template import Writing, filled, path_filled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_GONE = {404, 410}
# What may be there or not: a reading comes after others that have waited for the page.
_OPTIONAL_MS, _OPTIONAL_READING_MS = 1500, 250
_WRITING = Writing("text")
_SEVERAL = "strict mode violation"
# Playwright's own record of a click that was made, before it waits for the page that comes of it.
_PRESSED = "click action done"


class NotThere(Exception):
    """The address that a flow went to has no such record."""


class StepStuck(Exception):
    """A step could not be taken; in words, with the step, what it looked for, and the page it looked on."""


class Steps:
    """`values` are what placeholders stand for; what is read is added to them and to `values_read`."""

    def __init__(self, page_session: PageSession, values: Mapping[str, Any], *, state: str | None = None) -> None:
        self._page_session = page_session
        self._values = dict(values)
        self._state = state
        self.values_read: dict[str, Any] = {}

    @property
    def _page(self) -> Page:
        return self._page_session.page

    def take(self, flow: Sequence[FlowStep]) -> dict[str, Any]:
        """Take all steps; what was read by its name.

        Raises:
            NotThere: a page that was gone to does not exist.
            StepStuck: what a step is about is not on the page, or cannot be used.
            playwright's Error: anything else that the browser says.
        """
        for place, step in enumerate(flow, start=1):
            if step.when and self._state is not None and self._state not in step.when:
                continue
            for number, line in enumerate(self._values.get("lines", ()) if step.each else ({},), start=1):
                self._take_named(place, step, {**self._values, **line, "line": number})
        return self.values_read

    def _take_named(self, place: int, step: FlowStep, values: Mapping[str, Any]) -> None:
        try:
            self._take_one(step, values)
        except self._page_session.browser.error as error:
            if not isinstance(error, self._page_session.browser.timeout_error) and _SEVERAL not in str(error):
                raise
            raise StepStuck(f"step {place} ({_named(step)}): {self._why_stuck(step, values)}") from None

    def _why_stuck(self, step: FlowStep, values: Mapping[str, Any]) -> str:
        page = f"the page {self._page.url.partition('?')[0]}"
        with suppress(self._page_session.browser.error):
            where = self._place_of(step, values, patience_ms=0)
            found = 1 if where is None else where.count()
            if found > 1:
                return f"{found} parts of {page} are called so; `inside`, `exact` or `place` says which"
            if found:
                return f"it is on {page}, but cannot be used: hidden, disabled, or covered"
        return f"there is no such {_kind_of(step)} on {page}"

    def _take_one(self, step: FlowStep, values: Mapping[str, Any]) -> None:
        if step.optional and step.go is None:
            where = self._place_of(step, values)
            patience = _OPTIONAL_READING_MS if step.read is not None else _OPTIONAL_MS
            if where is not None and not self._appears(where, patience):
                if step.read is not None:
                    self.values_read[step.read] = self._values[step.read] = None
                return
        if step.go is not None:
            self._go(path_filled(step.go, values.get, _WRITING))
        elif step.read is not None:
            self.values_read[step.read] = self._values[step.read] = self._read(step, values)
        elif step.press is not None:
            with self._page_session.guard.pressing():
                self._page.keyboard.press(self._text(step.press, values))
                self._settle()
        else:
            self._act(step, values)

    def _go(self, path: str) -> None:
        # A whole address is the app's own business; everything else is below that of the app.
        page = self._page_session.go(path)
        if page.status in _GONE:
            raise NotThere

    def _act(self, step: FlowStep, values: Mapping[str, Any]) -> None:
        where = self._place_of(step, values)
        assert where is not None
        if step.fill is not None:
            where.fill(self._text(step.value, values))
        elif step.choose is not None:
            self._choose(where, self._text(step.value, values))
        elif step.check is not None:
            where.check()
        elif step.click is not None:
            if step.accept:
                self._page.once("dialog", lambda dialog: dialog.accept())
            with self._page_session.guard.pressing():
                self._press(where)
        else:
            where.first.wait_for()

    def _press(self, where: Locator) -> None:
        """Raises TooSlow where it was pressed, and what it leads to does not come."""
        pressed, started = False, time.perf_counter()
        try:
            where.click()
            pressed = True
            self._settle()
        except self._page_session.browser.timeout_error as error:
            if not pressed and _PRESSED not in str(error):
                raise
            too_slow(self._page_session.way, self._page.url, time.perf_counter() - started)

    def _choose(self, where: Locator, words_chosen: str) -> None:
        """An option by its words: the whole of them, else a part; else by the value that the page keeps behind them."""
        if where.evaluate("field => field.tagName") != "SELECT":
            where.click()
            self._page.get_by_role("option", name=words_chosen).first.click()
            return
        options = where.locator("option")
        by_value = where.locator(f"option[value={json.dumps(words_chosen)}]")
        options.filter(has_text=words_chosen).or_(by_value).first.wait_for(state="attached")
        words = [text.strip() for text in options.all_text_contents()]
        chosen = next((number for number, text in enumerate(words) if text == words_chosen), None)
        if chosen is None:
            chosen = next(
                (number for number, text in enumerate(words) if words_chosen.casefold() in text.casefold()), None
            )
        where.select_option(words_chosen if chosen is None else None, index=chosen)

    def _place_of(
        self, step: FlowStep, values: Mapping[str, Any], *, patience_ms: float | None = None
    ) -> Locator | None:
        """What a step is about; None for one that is about no part of the page."""
        page: Page | Locator = self._page
        if step.inside:
            role, _, name = self._text(step.inside, values).partition(":")
            # Roles are the ARIA words; whichever is no such word finds nothing, and the page is said not to offer it.
            page = self._page.get_by_role(cast(Any, role.strip()), name=name.strip() or None, exact=True)
        words = next(
            (self._text(template, values) for template in (step.fill, step.choose, step.check) if template), ""
        )
        name = self._text(step.name, values)
        if step.css:
            found = page.locator(self._text(step.css, values))
        elif step.label or words:
            patience_ms = 0 if step.optional else patience_ms
            found = self._field(page, self._text(step.label, values) or words, step.exact, patience_ms)
        elif step.click is not None:
            found = page.get_by_role(
                cast(Any, step.role or "button"), name=self._text(step.click, values), exact=step.exact
            )
        elif step.expect is not None and not step.role:
            found = page.get_by_text(self._text(step.expect, values), exact=step.exact)
        elif step.role:
            found = page.get_by_role(cast(Any, step.role), name=name or step.expect, exact=step.exact)
        else:
            return None
        return found.nth(step.place - 1) if step.place else found

    def _field(self, page: Page | Locator, label: str, exact: bool, patience_ms: float | None) -> Locator:
        """By its label, or where it has none by the words that stand in it until something is typed."""
        by_label, by_hint = page.get_by_label(label, exact=exact), page.get_by_placeholder(label, exact=exact)
        if patience_ms is None:
            by_label.or_(by_hint).first.wait_for(state="attached")
        return by_hint if by_hint.count() and not by_label.count() else by_label

    def _appears(self, where: Locator, patience_ms: float) -> bool:
        try:
            where.first.wait_for(timeout=patience_ms)
        except self._page_session.browser.timeout_error:
            return False
        return True

    def _read(self, step: FlowStep, values: Mapping[str, Any]) -> Any:
        if step.table is not None:
            return self._rows(step, self._text(step.table, values))
        if step.columns and step.css:
            return self._parts(step, values)
        if step.source == "address":
            text: str | None = self._page.url
        elif step.source == "title":
            text = self._page.title()
        else:
            where = self._place_of(step, values)
            assert where is not None
            text = where.first.get_attribute(step.attribute) if step.attribute else _words_of(where.first)
        return _taken(text or "", step.pattern, step.read or "")

    def _rows(self, step: FlowStep, caption: str) -> list[dict[str, str]]:
        table = (
            self._page.get_by_role("table", name=caption, exact=True) if caption else self._page.get_by_role("table")
        )
        if not table.count():
            if step.optional:
                return []
            table.first.wait_for()
        heads = [" ".join(text.split()) for text in table.first.locator("thead th").all_inner_texts()]
        at = {name: _column(heads, head) for name, head in step.columns.items()}
        rows = []
        for row in table.first.locator("tbody tr").all():
            cells = [text.strip() for text in row.locator("th, td").all_inner_texts()]
            if at and len(cells) <= max(at.values()):
                continue
            rows.append({name: cells[column] for name, column in at.items()} | _linked(row, step))
        return rows

    def _parts(self, step: FlowStep, values: Mapping[str, Any]) -> list[dict[str, str]]:
        """What looks like cards rather than a table: each part that `css` finds is a row, `columns` are css in it."""
        where = self._place_of(step, values)
        assert where is not None
        if not step.optional:
            where.first.wait_for()
        return [
            {name: _taken(_words_of(part.locator(css).first), None, name) for name, css in step.columns.items()}
            | _linked(part, step)
            for part in where.all()
        ]

    def _text(self, template: str, values: Mapping[str, Any]) -> str:
        value = filled(template, values.get, _WRITING)
        return "" if value is None else str(value)

    def _settle(self, until: Literal["load"] = "load") -> None:
        self._page.wait_for_load_state(until)
        self._page_session.hide_cookies()


def _named(step: FlowStep) -> str:
    """The step as it stands in the target file: 'fill "Username"'."""
    action = next(action for action in ACTIONS if getattr(step, action) is not None)
    about = getattr(step, action) or step.css or step.label or step.name
    return f'{action} "{about}"'


def _kind_of(step: FlowStep) -> str:
    if step.fill is not None or step.choose is not None or step.check is not None:
        return "field"
    if step.click is not None:
        return step.role or "button"
    return "text" if step.expect is not None else "part"


def _linked(row: Locator, step: FlowStep) -> dict[str, str]:
    """What the row's first link tells."""
    link = row.get_by_role("link")
    address = (link.first.get_attribute("href") or "") if step.links and link.count() else ""
    return {name: _taken(address, pattern, name) for name, pattern in step.links.items()}


def _words_of(where: Locator) -> str:
    """What a person reads there: the text, or what stands in a field."""
    where.wait_for()
    if where.evaluate("part => 'value' in part && !['LI', 'BUTTON'].includes(part.tagName)"):
        return where.input_value()
    return where.inner_text()


def _taken(text: str, pattern: str | None, name: str) -> str:
    if pattern is None:
        return " ".join(text.split())
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"no {name} like {pattern!r} in {text[:80]!r}")
    return match[1].strip()


def _column(heads: list[str], name: str) -> int:
    for place, head in enumerate(heads):
        if head.casefold() == name.casefold():
            return place
    raise ValueError(f"the table has no column {name!r} but {', '.join(heads) or 'none at all'}")
