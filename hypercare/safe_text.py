"""A target's text, made safe for whatever shows it: nothing of it steers, runs, or passes for another line.

On a page, in Markdown and in metrics what is not seen is shown as such (`visible`); in CSV nothing is a formula
(`as_cell`); a terminal is not steered and the log of a build server, where some lines are commands, holds none of the
target's (`on_terminal`, and what writes all of a program's or of pytest's output through it).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

# C0 and C1 controls but for tab and line feed, marks of direction, and what no encoding takes.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ud800-\udfff]"
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Build servers obey a line that begins with the first, and the second wherever it stands in one.
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_COMMAND_IN_LINE = re.compile(r"##(?=(?:vso|teamcity)?\[)")
_END = "\x1b[0m"
# Nobody sees them and they take no room, so that lines are as long as they look.
_INVISIBLE = "\u2060\u2061\u2062\u2063"


# A name, a value or a cell; a sentence or a step; what an engineer reads of one check.
LONGEST_NAME, LONGEST_SENTENCE, LONGEST_DETAIL = 400, 4_000, 40_000


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """`text` as it is, or so much of it as fits with how long it was; what was cut already stays."""
    if len(text) <= longest:
        return text
    rest = f"… ({len(text):,} characters)"
    return text[: longest - len(rest)] + rest


def visible(text: str) -> str:
    """`text` with control and bidirectional marks, which can make a line read as another, shown as such."""
    return _UNSEEN.sub("\ufffd", text)


def as_cell(value: object) -> object:
    """`value` for CSV. What a spreadsheet would run as a formula has an apostrophe before it; a number is none."""
    if not isinstance(value, str):
        return value
    is_formula = value.startswith(_BEGINS_A_FORMULA) and not _is_number(value)
    return f"'{visible(value)}" if is_formula else visible(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def on_terminal(text: str, *, begins_line: bool = True) -> str:
    """`text` with nothing that steers a terminal or commands a build server; of several lines each is looked at."""
    shown = _COMMAND_IN_LINE.sub("# #", visible(text))
    if begins_line:
        return _COMMAND.sub(r"\1: :", shown)
    first, feed, rest = shown.partition("\n")
    return first + feed + _COMMAND.sub(r"\1: :", rest)


def say(text: str, stream: TextIO) -> None:
    """Write a line to a standard stream that may be pytest's, which colours it and so has no `SafeStream` around it."""
    print(on_terminal(text), file=stream, flush=True)


class SafeStream:
    """Standard output or error of a program, whose text is made safe as it is written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begins_line = True

    def write(self, text: str) -> int:
        self._stream.write(on_terminal(text, begins_line=self._begins_line))
        # A build server looks for a command behind blanks too, and `print` writes each of its words by itself.
        _, feed, rest = text.rpartition("\n")
        self._begins_line = (bool(feed) or self._begins_line) and not rest.strip()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard(reporter: Any) -> None:
    """Let pytest's terminal reporter write nothing of a target that steers the terminal.

    Colours are pytest's own: what it marks up bears a sign that no text can know beforehand, in place of the escape.
    """
    writer = getattr(reporter, "_tw", None)
    if writer is None or getattr(writer, "is_guarded", False):
        return
    _Guard(writer).take_over(reporter)


class _Guard:
    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._sign = "".join(secrets.choice(_INVISIBLE) for _ in range(32))
        self._write: Callable[..., None] = writer.write
        self._write_raw: Callable[..., None] = writer.write_raw
        self._markup: Callable[..., str] = writer.markup
        self._write_source: Callable[..., None] | None = getattr(writer, "_write_source", None)
        self._highlight: Callable[..., str] | None = getattr(writer, "_highlight", None)
        self._rewrites = self._shows_source = False

    def take_over(self, reporter: Any) -> None:
        writer, rewrite = self._writer, reporter.rewrite

        def rewritten(line: str, **markup: bool) -> None:
            with self._during("_rewrites"):
                rewrite(line, **markup)

        writer.write, writer.write_raw, writer.markup = self.write, self.write_raw, self.markup
        if self._highlight is not None and self._write_source is not None:
            writer._highlight, writer._write_source = self.highlight, self.write_source
        reporter.rewrite = rewritten
        writer.is_guarded = True

    def write(self, text: str, *, flush: bool = False, **markup: bool) -> None:
        begins_line = not self._writer._current_line.strip()
        back, text = ("\r", text[1:]) if self._rewrites and text.startswith("\r") else ("", text)
        safe = back + on_terminal(text, begins_line=begins_line)
        # The writer marks up what it is given, which is safe by now.
        self._writer.markup = lambda text, **wanted: self._signed(self._markup(text, **wanted))
        try:
            self._write(safe, flush=flush, **markup)
        finally:
            self._writer.markup = self.markup

    def write_raw(self, text: str, *, flush: bool = False) -> None:
        self._write_raw(text.replace(self._sign, "\x1b"), flush=flush)

    def markup(self, text: str, **markup: bool) -> str:
        marked = self._markup(visible(text), **markup)
        if not text and marked.endswith(_END):
            # pytest asks for the mark of nothing, and cuts its end off, so that the rest of its line has its colour.
            return self._signed(marked.removesuffix(_END)) + _END
        return self._signed(marked)

    def write_source(self, *lines: Any, **named: Any) -> None:
        assert self._write_source is not None
        with self._during("_shows_source"):
            self._write_source(*lines, **named)

    def highlight(self, source: str, *more: Any, **named: Any) -> str:
        """Source that is about to be written. What pytest asks for besides, to explain a failed assertion, becomes part
        of a text that goes into files and to other processes, where nobody knows the sign."""
        assert self._highlight is not None
        return self._signed(self._highlight(visible(source), *more, **named)) if self._shows_source else visible(source)

    def _signed(self, marked: str) -> str:
        return marked.replace("\x1b", self._sign)

    @contextmanager
    def _during(self, what: str) -> Iterator[None]:
        setattr(self, what, True)
        try:
            yield
        finally:
            setattr(self, what, False)
