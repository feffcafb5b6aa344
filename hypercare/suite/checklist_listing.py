"""The list of `pytest --checklist`: the items with their checks, and what of the plan is one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from hypercare.plan.checklist import Checklist
from hypercare.plan.item import Item
from hypercare.suite.selection import items_of
from hypercare.suite.session import SESSION


def print_checklist(session: pytest.Session) -> None:
    """Print every item of the session with its checks; ends with how many items have none."""
    suite = session.config.stash[SESSION]
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return
    checks: dict[str, list[str]] = {}
    for test in session.items:
        for answered in items_of(test):
            checks.setdefault(answered, []).append(test.nodeid)
    items = suite.chosen
    _print_items(reporter, suite.checklist, items, checks)
    _print_part(reporter, "Switched off", _lines_of_switched_off(suite.checklist))
    _print_part(reporter, "Rounds of your own", _lines_of_rounds(suite.checklist))
    missing = [item.id for item in items if item.id not in checks]
    reporter.write_line("")
    named = f": {', '.join(missing)}" if missing else ""
    reporter.write_line(f"{len(items)} items, {len(session.items)} checks, {len(missing)} items not covered{named}")
    if suite.checklist.layer is not None:
        reporter.write_line(_counts(suite.checklist, items))


def _print_items(
    reporter: Any, checklist: Checklist, items: Sequence[Item], checks: Mapping[str, Sequence[str]]
) -> None:
    section = ""
    for item in items:
        if item.section != section:
            section = item.section
            reporter.write_line("")
            reporter.write_line(section, bold=True)
        rounds = ", ".join(item.rounds)
        mark = _mark(checklist, item.id)
        reporter.write_line(f"  {item.id}  [{item.level.value}, {rounds}]  {item.words}{mark}")
        for check in checks.get(item.id, []):
            reporter.write_line(f"      {check}")
        if item.id not in checks:
            reporter.write_line("      not covered: no check answers for it", yellow=True)


def _mark(checklist: Checklist, name: str) -> str:
    layer = checklist.layer
    if layer is None:
        return ""
    if name in layer.own:
        return "  (your own)"
    keys = layer.changes_of(name)
    return f"  (changed: {', '.join(keys)})" if keys else ""


def _lines_of_switched_off(checklist: Checklist) -> Iterator[str]:
    for item in checklist.switched_off:
        yield f"  {item.id}  {item.words}"
        yield f"      {item.reason} ({item.by})"


def _lines_of_rounds(checklist: Checklist) -> Iterator[str]:
    for one in checklist.rounds:
        mark = _mark(checklist, one.name)
        if mark:
            carried = any(one.name in item.rounds for item in checklist)
            no_item = "" if carried else "; no item belongs to it, so nobody waits for it"
            yield f"  {one.name}  {one.at or 'at no set time'}{mark}{no_item}"


def _print_part(reporter: Any, title: str, lines: Iterator[str]) -> None:
    found = list(lines)
    if found:
        reporter.write_line("")
        reporter.write_line(title, bold=True)
    for line in found:
        reporter.write_line(line)


def _counts(checklist: Checklist, items: Sequence[Item]) -> str:
    layer = checklist.layer
    assert layer is not None
    own = sum(item.id in layer.own for item in items)
    changed = sum(bool(layer.changes_of(item.id)) for item in items)
    return f"Over the built-in plan: {own} of your own, {changed} changed, {len(checklist.switched_off)} switched off"
