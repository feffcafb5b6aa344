"""Texts and pages in the language that was chosen; in English, nothing is done to them."""

from __future__ import annotations

from html import escape, unescape
from html.parser import HTMLParser

from hypercare.language.chosen import ENGLISH, chosen

_SPOKEN = ("title", "alt", "aria-label", "placeholder")
# What stands in these is the program's or the target's own, and no sentence.
_SILENT = {"style", "script", "code", "pre", "textarea"}
_WITHOUT_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def translated(text: str) -> str:
    """A text in the language of the reports."""
    if chosen() == ENGLISH:
        return text
    from hypercare.language.catalogue import translator_of

    return translator_of(chosen()).text(text)


def translated_page(page: str) -> str:
    """A page of HTML in the language of the reports: its texts, and what its attributes say.

    What an element marked `translate="no"` holds stays as it is: names, notes, samples of the target's records.
    """
    return page if chosen() == ENGLISH else _Page.translated(page)


class _Page(HTMLParser):
    """Writes a page anew as it was, with its texts translated."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._written: list[str] = []
        self._text: list[str] = []
        # For each element that is open, whether its texts stay.
        self._stays: list[tuple[str, bool]] = []

    @classmethod
    def translated(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        parser.close()
        parser._end_text()
        return "".join(parser._written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)
        if tag not in _WITHOUT_END:
            stays = self._stays_as_it_is or tag in _SILENT or ("translate", "no") in attrs
            self._stays.append((tag, stays))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        while self._stays:
            opened, _ = self._stays.pop()
            if opened == tag:
                break
        self._written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._end_text()
        self._written.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self._end_text()
        self._written.append(f"<!--{data}-->")

    @property
    def _stays_as_it_is(self) -> bool:
        return bool(self._stays) and self._stays[-1][1]

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text()
        written = self.get_starttag_text() or ""
        for name, value in attrs:
            if not value or (name == "lang" and tag != "html"):
                continue
            told = chosen() if name == "lang" else translated(value) if name in _SPOKEN else value
            if told != value and not self._stays_as_it_is:
                before = f'{name}="{_quoted(value, written, name)}"'
                written = written.replace(before, f'{name}="{escape(told)}"', 1)
        self._written.append(written)

    def _end_text(self) -> None:
        raw, self._text = "".join(self._text), []
        if not raw.strip() or self._stays_as_it_is:
            self._written.append(raw)
            return
        text = unescape(raw)
        told = translated(" ".join(text.split()))
        if told == " ".join(text.split()):
            self._written.append(raw)
            return
        before, after = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
        self._written.append(f"{before}{escape(told, quote=False)}{after}")


def _quoted(value: str, tag: str, name: str) -> str:
    """An attribute's value as it is written in its tag."""
    start = tag.find(f'{name}="')
    return tag[start + len(name) + 2 : tag.find('"', start + len(name) + 2)] if start >= 0 else value
