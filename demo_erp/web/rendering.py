"""Templates become pages here: escaping on, a strict content policy, and the business's own formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo_erp.access import Caller
from demo_erp.dependencies import get_state
from demo_erp.web import formats, words
from demo_erp.web.formats import Formats
from demo_erp.web.icons import icon_path
from demo_erp.web.navigation import Permissions, navigation
from demo_erp.web.static_files import content_version

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


SHARED_FOLDER = Path(__file__).parent  # the phone's pages use parts, type and colours of the desktop's


def shared(name: str) -> str:
    """The address of a static file that both parts of the program use."""
    return f"/static/{name}?v={content_version(SHARED_FOLDER / 'static' / name)}"


class Pages:
    """The pages of one part of the program: a folder of templates and a folder of static files."""

    def __init__(self, folder: Path, static_path: str, home: str, login: str) -> None:
        self.folder, self.home, self.login = folder, home, login
        self._static_path = static_path
        self._environment = Environment(
            loader=FileSystemLoader([folder / "templates", SHARED_FOLDER / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            static=self.static,
            shared=shared,
            icon_path=icon_path,
            query=formats.query,
            long_date=formats.long_date,
            short_date=formats.short_date,
            plain_number=formats.plain_number,
            state_tone=words.state_tone,
            category_word=words.category_word,
            action_word=words.action_word,
            **dict.fromkeys(
                ("state_word", "kind_word", "role_word", "method_word", "step_word", "cost_word"), words.word
            ),
        )

    def static(self, name: str) -> str:
        """The address of a static file, with the version of its content."""
        return f"{self._static_path}/{name}?v={content_version(self.folder / 'static' / name)}"

    def bare(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page for whoever asks; it needs no database. ``done`` and ``problem`` are messages to show."""
        state = get_state(request)
        written = Formats(state.timezone, state.settings.currency)
        values = {"done": "", "problem": "", "business_name": state.settings.name, **context}
        methods = {name: getattr(written, name) for name in ("amount", "money", "instant", "local_day", "local_clock")}
        text = self._environment.get_template(template).render(**methods, **values)
        return HTMLResponse(text, status_code=status, headers=PAGE_HEADERS)

    def page(
        self, request: Request, caller: Caller, template: str, *, status: int = 200, problem: str = "", **context: Any
    ) -> HTMLResponse:
        """A page for somebody who is signed in. What a redirect has to say comes as a code in "?done="."""
        done = "" if problem else words.DONE.get(request.query_params.get("done", ""), "")
        return self.bare(
            request,
            template,
            status=status,
            caller=caller,
            may=Permissions(caller),
            navigation=navigation(caller, request.url.path),
            done=done,
            problem=sentence(problem),
            **context,
        )


def sentence(text: str) -> str:
    """A message of the service layer as a sentence: a capital at the start, a full stop at the end."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


PAGES = Pages(SHARED_FOLDER, "/static", home="/", login="/login")
