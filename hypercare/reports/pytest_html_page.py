"""pytest-html's page made readable: names in words, the worst first, contrast, labels, and all of it by keyboard.

The page is pytest-html's own: its rows are data that its script shows. What is not built as expected stays as it is.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypercare.language.chosen import chosen
from hypercare.language.texts import translated
from hypercare.outcome.wording import check_words
from hypercare.reports.item_sections import WEIGHT
from hypercare.reports.summary import Check, Summary
from hypercare.reports.words import counted
from hypercare.safe_text import visible

_TEMPLATES = Path(__file__).parent / "templates"
_DATA = re.compile(r'data-jsonblob="(?P<data>[^"]*)"')
_FILTER = re.compile(r'<input (?P<rest>[^>]*class="filter"[^>]*data-test-result="(?P<result>[a-z]+)"[^>]*)>')
_NAME = re.compile(r'<td class="col-testId">.*?</td>', re.DOTALL)
_LINKS = re.compile(r'<td class="col-links">(?P<links>.+)</td>', re.DOTALL)
_MARKED = "hypercare-readable"
_UNKNOWN = len(WEIGHT)


def make_readable(page: Path, summary: Summary) -> None:
    """Rewrite a page that pytest-html wrote, once; a page of another shape is left alone.

    Raises:
        OSError: it cannot be read or written.
    """
    text = page.read_text(encoding="utf-8", errors="replace")
    if _MARKED not in text:
        page.write_text(readable(text, summary), encoding="utf-8")


def readable(text: str, summary: Summary) -> str:
    """The page as text, with what the summary knows of its checks."""
    found = _DATA.search(text)
    if found is None or "</head>" not in text:
        return text
    try:
        rows = _rows(json.loads(html.unescape(found["data"])), summary)
    except (ValueError, KeyError, TypeError, AttributeError):
        return text
    # What pytest-html asks of its words, it asks of every page; none of the replaced texts is the target's.
    style = (_TEMPLATES / "pytest_html.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "pytest_html.js").read_text(encoding="utf-8")
    before, after = text[: found.start()], text[found.end() :]
    before = _FILTER.sub(r'<input \g<rest> aria-label="show \g<result>">', before)
    for this, that in (
        ("<html>", f'<html lang="{chosen()}">'),
        ("</head>", f'<meta name="viewport" content="width=device-width"><style id="{_MARKED}">{style}</style></head>'),
        ("<body>", "<body><main>"),
        ("<footer>", "</main><footer>"),
        ('<div class="logwrapper">', '<div class="logwrapper" tabindex="0">'),
    ):
        before = before.replace(this, that, 1)
    return f'{before}data-jsonblob="{html.escape(json.dumps(rows))}"{after}'.replace(
        "</body>", f"<script>{script}</script></body>"
    )


def _rows(data: dict[str, Any], summary: Summary) -> dict[str, Any]:
    """The rows, the worst first; what was there to name machine and packages is one line each."""
    checks = {check.nodeid: check for item in summary.items for check in item.checks}
    worst_first = sorted(data["tests"].items(), key=lambda pair: _weight(checks.get(pair[0])))
    for nodeid, entries in worst_first:
        for entry in entries:
            entry["resultsTableRow"] = [_cell(cell, nodeid) for cell in entry["resultsTableRow"]]
    environment = {name: _in_one_line(value) for name, value in data.get("environment", {}).items()}
    return {**data, "tests": dict(worst_first), "initialSort": "original", "environment": environment}


def _weight(check: Check | None) -> tuple[int, str]:
    """Of what failed, L3 before L2 before L1."""
    if check is None:
        return _UNKNOWN, ""
    level = check.level.value if check.level is not None else ""
    return WEIGHT.index(check.outcome), "".join(chr(255 - ord(sign)) for sign in level)


def _cell(cell: str, nodeid: str) -> str:
    words, whole = html.escape(visible(translated(check_words(nodeid)))), html.escape(visible(nodeid))
    cell = _NAME.sub(lambda _: f'<td class="col-testId">{words}<br><small>{whole}</small></td>', cell)
    return _LINKS.sub(_folded, cell)


def _folded(found: re.Match[str]) -> str:
    number = counted(found["links"].count("<a "), "piece")
    return f'<td class="col-links"><details><summary>{number}</summary>{found["links"]}</details></td>'


def _in_one_line(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {version}" for name, version in value.items())
    return value
