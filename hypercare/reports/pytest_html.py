"""What the pytest plug-in puts into pytest-html's report: its title, a verdict, two columns, and the evidence.

pytest-html takes most of what it is given as raw markup, so everything here is escaped before it is handed over.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercare.outcome.evidence import Attachment
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.words import OUTCOME_WORDS, counted, round_words
from hypercare.safe_text import visible

if TYPE_CHECKING:
    from hypercare.reports.summary import Summary

# Larger evidence is in the Allure report; a page of many megabytes opens on no phone.
LARGEST_IMAGE = 1_500_000
LONGEST_TEXT = 40_000
HEADER_CELLS = (
    '<th class="sortable" data-column-type="outcome">Outcome</th>',
    '<th data-column-type="level">Level</th>',
)
_COLOUR = {"good": "#1b6e47", "warn": "#8f4e00", "bad": "#a8231c", "unknown": "#4c5866"}
_IMAGES = {"image/png": "png", "image/jpeg": "jpg"}


def title(target: str, round_name: str, day: int) -> str:
    """Plain text: pytest-html escapes the title itself."""
    return visible(f"{target}: {round_words(round_name).lower()}, day {day}")


def summary_lines(summary: Summary) -> list[str]:
    """Markup for `prefix` of pytest_html_results_summary: the verdict, its three answers, and where the report is."""
    # Asked for at the end; the first check need not wait for what makes the verdict.
    from hypercare.reports.verdict import verdict_of

    verdict = verdict_of(summary)
    lines = [
        f'<p style="font-size:1.4em;font-weight:bold;color:{_COLOUR[verdict.tone]}">{_safe(verdict.headline)}</p>',
        f"<p>{_safe(verdict.text)}</p>",
    ]
    lines += [f"<p>{_safe(a.question)} <b>{_safe(a.short)}</b>: {_safe(a.text)}</p>" for a in verdict.answers]
    return [*lines, '<p><a href="index.html">The daily report</a></p>']


def row_cells(outcome: Outcome, level: Level | None) -> tuple[str, str]:
    """Markup of the two columns; the level is shown only where it says something."""
    wrong = outcome in {Outcome.FAILED, Outcome.FLAKY} and level is not None
    words = f"{level} {level.words}" if wrong and level is not None else ""
    return (
        f'<td class="col-outcome">{_safe(OUTCOME_WORDS[outcome])}</td>',
        f'<td class="col-level">{_safe(words)}</td>',
    )


def extras_of(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """The evidence of a check as pytest-html's extras: images inlined, text as text.

    What can be neither (traces, archives, what is too large) is named, because it is in the Allure report.
    """
    extras: list[dict[str, Any]] = []
    elsewhere: list[str] = []
    for attachment in attachments:
        extra = _extra(attachment)
        if extra is None:
            elsewhere.append(attachment.name)
        else:
            extras.append(extra)
    if elsewhere:
        names = ", ".join(_safe(name) for name in elsewhere)
        words = f"<p>{counted(len(elsewhere), 'more piece')} of evidence in the Allure report: {names}</p>"
        extras.append({"format_type": "html", "content": words, "name": None, "mime_type": None, "extension": None})
    return extras


def _extra(attachment: Attachment) -> dict[str, Any] | None:
    body = _bytes(attachment)
    if body is None:
        return None
    if attachment.media_type in _IMAGES:
        if len(body) > LARGEST_IMAGE:
            return None
        content = base64.b64encode(body).decode("ascii")
        return _as("image", content, attachment.name, attachment.media_type, _IMAGES[attachment.media_type])
    if attachment.media_type.startswith("text/") or attachment.media_type.endswith("json"):
        text = body.decode("utf-8", errors="replace")
        cut = f"\n… cut; {len(text)} characters in all" if len(text) > LONGEST_TEXT else ""
        # Always plain text, whatever it says it is: a link to HTML of the target would run it.
        return _as("text", visible(text[:LONGEST_TEXT]) + cut, attachment.name, "text/plain", "txt")
    return None


def _as(kind: str, content: str, name: str, media_type: str, extension: str) -> dict[str, Any]:
    return {
        "format_type": kind,
        "content": content,
        "name": _safe(name),
        "mime_type": media_type,
        "extension": extension,
    }


def _bytes(attachment: Attachment) -> bytes | None:
    """The body, or None when its file is gone."""
    body = attachment.body
    if isinstance(body, Path):
        try:
            return body.read_bytes()
        except OSError:
            return None
    return body.encode("utf-8", errors="replace") if isinstance(body, str) else body


def _safe(text: str) -> str:
    return escape(visible(text))
