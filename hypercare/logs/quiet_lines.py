"""Which lines of a block are not quiet: those whose level says so are gone through in one pass and never decoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from hypercare.logs.blocks import Block
from hypercare.logs.searching import (
    Searching,
    beginning_with_none_of,
    end_of_match,
    escaped,
    first_match,
    is_fast,
    none_of_it,
)

# Gives the places of a block that may matter, in order.
Places = Callable[[Block], list[int]]

_NO_OBJECT = rb"\n[^{\n]"
_SPACE = rb"[ \t]{0,3}"
_MUCH_SPACE = rb"[ \t]{4}"
_MANY = 20


def louder_objects(key: bytes, words: Iterable[bytes], numbers: Iterable[bytes]) -> Places:
    """Of lines of JSON: those that state under `key` none of `words` in quotes and none of `numbers`, or that have no
    such key, or are no object. `key` stands in quotes, as its lines have it.
    """
    quoted = [b'"' + word + b'"' for word in words]
    either = [form for number in numbers for form in (number, b'"' + number)]
    if not is_fast():
        return _louder_by_counting(key, _loud_after(key, quoted, either))
    level = beginning_with_none_of(quoted, either, b" \t")
    loud = _SPACE + b":(?:" + _SPACE + level + b"|" + _MUCH_SPACE + b")"
    lines_with_loud, at_first = _loud_anywhere(key, loud), _loud_at_first(key, loud)
    strangers = first_match(_NO_OBJECT)

    def places(block: Block) -> list[int]:
        body = block.body
        found = _not_whole(body) | {*_lines_with(strangers, body), *lines_with_loud(body)}
        if not block.each_line_has(key + b":"):
            found.update(_lines_with(at_first, body))
        if any(search(_first_line(body), 0) for search in (at_first, strangers)):
            found.add(0)
        return sorted(found)

    return places


def _louder_by_counting(key: bytes, loud: Searching) -> Places:
    """The same by Python's own expressions, which are quicker at few searches of another kind."""
    strangers = re.compile(_NO_OBJECT).search

    def places(block: Block) -> list[int]:
        body = block.body
        found = _not_whole(body) | {*_lines_with(strangers, body), *_lines_with(loud, body)}
        if any(search(_first_line(body), 0) for search in (loud, strangers)):
            found.add(0)
        once = block.lines - len(found)
        if body.count(key) - sum(body.count(key, start, _end_of_line(body, start)) for start in found) != once:
            found.update(_lines_without(key, body))
        return sorted(found)

    return places


def _first_line(body: bytes) -> bytes:
    """The first line of a block behind the line end that stands before it in the log."""
    return b"\n" + body[: body.find(b"\n") + 1]


def _loud_anywhere(key: bytes, loud: bytes) -> Callable[[bytes], Iterator[int]]:
    """Gives where the lines begin that have a `loud` key anywhere."""
    # Without its first quotation mark, which stands everywhere, a key is looked for by memory's speed.
    loosely, exactly = first_match(escaped(key[1:]) + loud), first_match(escaped(key) + loud)

    def lines(body: bytes) -> Iterator[int]:
        search, ends_of_others = loosely, 0
        match = search(body, 0)
        while match is not None:
            start = match.start()
            if search is loosely and body[start - 1 : start] != b'"':
                ends_of_others += 1
                search = loosely if ends_of_others < _MANY else exactly
                match = search(body, start + 1)
                continue
            yield body.rfind(b"\n", 0, start) + 1
            line_end = body.find(b"\n", start)
            match = search(body, line_end) if line_end >= 0 else None

    return lines


def _loud_at_first(key: bytes, loud: bytes) -> Searching:
    """What a line of JSON goes on with up to its first `key`, where that is `loud`, or up to its end without one."""
    return first_match(
        rb"\n\{[^\x22\n]*(?:\x22" + none_of_it(key.strip(b'"'), b'"\n') + rb")*"
        rb"(?:\n|" + escaped(key) + b"(?:" + loud + b"|" + _SPACE + rb"[^: \t]|" + _MUCH_SPACE + b"))"
    )


def _loud_after(key: bytes, words: Iterable[bytes], numbers: Iterable[bytes]) -> Searching:
    """The same wherever the key stands, as Python's own expressions are quicker at it."""
    longest_first = sorted({*words, *numbers}, key=len, reverse=True)
    endings = {text: re.escape(text) + (b"" if text in words else rb"(?!\d)") for text in longest_first}
    quiet = b"|".join(endings.values())
    return re.compile(re.escape(key) + rb"(?!\s{0,3}:\s{0,3}(?:" + quiet + b"))").search


def _not_whole(body: bytes) -> set[int]:
    whole = body.rfind(b"\n") + 1
    return {whole} if whole < len(body) else set()


def _lines_without(part: bytes, body: bytes) -> Iterator[int]:
    start = 0
    while start < len(body):
        end = _end_of_line(body, start)
        if body.find(part, start, end) < 0:
            yield start
        start = end


def _end_of_line(body: bytes, start: int) -> int:
    return body.find(b"\n", start) + 1 or len(body)


def _lines_with(search: Searching, body: bytes) -> Iterator[int]:
    """Where the lines begin in which something is found that may begin with the line end before."""
    match = search(body, 0)
    while match is not None:
        start = match.start()
        yield start + 1 if body[start : start + 1] == b"\n" else body.rfind(b"\n", 0, start) + 1
        line_end = body.find(b"\n", max(match.end() - 1, start + 1))
        match = search(body, line_end) if line_end >= 0 else None


def louder_lines(quiet: bytes | None, loud: re.Pattern[bytes]) -> Places:
    """Of plain lines: those behind whose line end `loud` fits; `quiet` fits a whole line for which it never does."""
    if quiet is None or not is_fast():
        return lambda block: [0, *_loud_lines(loud, block.body)]
    stretch = end_of_match(b"(?:" + quiet + rb"\n)*")

    def places(block: Block) -> list[int]:
        body = block.body
        found: list[int] = []
        start = stretch(body, 0)
        while start < len(body):
            if not start or loud.match(body, start - 1):
                found.append(start)
            start = stretch(body, _end_of_line(body, start))
        return found

    return places


def _loud_lines(loud: re.Pattern[bytes], body: bytes) -> Iterator[int]:
    yield from (match.start() + 1 for match in loud.finditer(body) if match.start() + 1 < len(body))
