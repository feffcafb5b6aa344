"""What a page's HTML shows without a browser: title, text, fields, buttons, and the scripts that may draw the rest."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

_UNSEEN = {"script", "style", "template", "noscript", "title", "svg"}
_NO_FIELD = {"hidden", "submit", "button", "image", "reset"}
_LEADS_ON = re.compile(r"\d*\s*;?\s*url\s*=\s*['\"]?(?P<url>[^'\"]+)", re.IGNORECASE)
_GOES_ELSEWHERE = re.compile(r"\blocation\b\s*(=|\.\s*(href|replace|assign))")


class PageContent(HTMLParser):
    """Fed with the text of a page; `scripts` are whole addresses, `leads_on` where the page itself goes next."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.has_password = False
        self.has_field = False
        self.has_button = False
        self.scripts: list[str] = []
        self.has_script = False
        self.leads_on: str | None = None
        self.goes_elsewhere = False
        self._address = address
        self._inside: list[str] = []
        self._words: list[str] = []

    @classmethod
    def of(cls, text: str, address: str) -> PageContent:
        content = cls(address)
        content.feed(text)
        content.close()
        return content

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._inside.append(tag)
        if tag == "script":
            self._script(attributes)
        elif tag in {"input", "select", "textarea"}:
            self._field(attributes.get("type", "text").lower(), "disabled" in attributes)
        elif tag == "button" and attributes.get("type", "submit").lower() != "reset":
            self.has_button = True
        elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            self._refresh(attributes.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "title" and "svg" not in self._inside:
            self.title += data
        elif inside == "script" and _GOES_ELSEWHERE.search(data):
            self.goes_elsewhere = True
        elif not inside:
            self._words.append(data)

    def _script(self, attributes: dict[str, str]) -> None:
        self.has_script = True
        if attributes.get("src") and attributes.get("type", "module") in {"module", "text/javascript", ""}:
            self.scripts.append(urljoin(self._address, attributes["src"]))

    def _field(self, kind: str, disabled: bool) -> None:
        if kind in {"submit", "image", "button"}:
            self.has_button = True
        elif kind not in _NO_FIELD:
            self.has_field = True
            self.has_password = self.has_password or (kind == "password" and not disabled)

    def _refresh(self, content: str) -> None:
        found = _LEADS_ON.match(content.strip())
        if found:
            self.leads_on = urljoin(self._address, found["url"].strip())
