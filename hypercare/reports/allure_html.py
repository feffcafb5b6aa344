"""What Allure's single file needs before it can be handed out: no race, no analytics, fit for a phone."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.IGNORECASE | re.DOTALL)
_FROM_OUTSIDE = re.compile(r"<script\b[^>]*\bsrc=[\"']?(https?:)?//", re.IGNORECASE)
_PROGRAM = re.compile(r"<script\b[^>]*\bsrc=[\"']data:text/javascript", re.IGNORECASE)
_META = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "form-action 'none'\">\n"
    '<link rel="icon" href="data:,">\n'
    # The dashboard squeezes two charts side by side on a phone.
    "<style>@media (max-width: 700px) { [class*='styles_grid__'] { grid-template-columns: minmax(0, 1fr) !important } }"
    "</style>"
)
_ICON = re.compile(r"<link\b[^>]*\brel=[\"']?icon[\"']?[^>]*>", re.IGNORECASE)


class UnknownShape(Exception):
    """The page is not built as the pinned version of Allure builds it; the message is one line."""


def ready_to_hand_out(html: str) -> str:
    """The page with its data ahead of the program that reads it, and with nothing that calls outside.

    Raises:
        UnknownShape: the program or its data is not found in the page.
    """
    scripts = list(_SCRIPT.finditer(html))
    program = next((one for one in scripts if _PROGRAM.match(one.group())), None)
    data = [one for one in scripts if _is_data(one.group())]
    head = re.search(r"<meta charset=[^>]*>", html, re.IGNORECASE)
    if program is None or head is None or not data:
        raise UnknownShape("the page that Allure wrote has another shape than expected")
    moved = "\n".join(one.group() for one in data)
    dropped = [*data, *(one for one in scripts if _calls_outside(one.group()))]
    icons = [one for one in _ICON.finditer(html, 0, program.start()) if "data:" not in one.group()]
    changes = [(one.start(), one.end(), "") for one in [*dropped, *icons]]
    changes += [(program.start(), program.start(), f"{moved}\n"), (head.end(), head.end(), f"\n{_META}")]
    for start, end, text in sorted(changes, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _is_data(script: str) -> bool:
    beginning = script[:200]
    return "allureReportDataReady" in beginning or "Promise.allSettled([d(" in beginning


def _calls_outside(script: str) -> bool:
    return bool(_FROM_OUTSIDE.match(script)) or "window.dataLayer" in script[:200]
