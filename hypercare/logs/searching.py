"""Searches over bytes in one pass: by RE2 where the extra "logs" is installed, which goes by memory's speed.

A pattern is one that RE2 and Python's own expressions read alike: no look-around, no references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Protocol, cast


@lru_cache(maxsize=1)
def _re2() -> Any:
    try:
        import re2
    except ImportError:
        return None
    return re2


def is_fast() -> bool:
    """Whether RE2 is at hand."""
    return _re2() is not None


class Found(Protocol):
    """Where a search found something."""

    def start(self) -> int:
        """The first byte."""

    def end(self) -> int:
        """The byte behind the last."""


Searching = Callable[[bytes, int], Found | None]


class TextPattern:
    """What a text may hold, in letters of any size; `^` begins a line. It is compiled when it is first asked for."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def found_in(self, text: str) -> bool:
        # RE2 has another view of which letters beyond ASCII make a word.
        if text.isascii() and self._in_ascii is not None:
            return self._in_ascii(text.encode()) is not None
        return self._in_any(text) is not None

    @cached_property
    def _in_any(self) -> Callable[[str], object]:
        return re.compile(self._pattern, re.IGNORECASE | re.MULTILINE).search

    @cached_property
    def _in_ascii(self) -> Callable[[bytes], object] | None:
        return _compiled(b"(?m)" + self._pattern.encode(), small=True, is_text=True).search if is_fast() else None


@lru_cache(maxsize=64)
def first_match(pattern: bytes, *, small: bool = False) -> Searching:
    """Gives the first place from a byte on that the pattern fits; `small` makes ASCII letters of all sizes alike."""
    search = _compiled(pattern, small=small).search
    return lambda body, start: cast("Found | None", search(body, start))


@lru_cache(maxsize=64)
def end_of_match(pattern: bytes) -> Callable[[bytes, int], int]:
    """Gives how far the pattern fits from a byte on; that byte itself where it does not."""
    match = _compiled(pattern, small=False).match

    def end(body: bytes, start: int) -> int:
        found = cast("Found | None", match(body, start))
        return start if found is None else found.end()

    return end


def _compiled(pattern: bytes, *, small: bool, is_text: bool = False) -> re.Pattern[bytes]:
    re2 = _re2()
    if re2 is None:
        return re.compile(pattern, re.IGNORECASE if small else 0)
    options = re2.Options()
    if not is_text:
        options.encoding = re2.Options.Encoding.LATIN1  # a byte is a letter
    options.case_sensitive = not small
    options.log_errors = False
    try:
        return cast("re.Pattern[bytes]", re2.compile(pattern, options))
    except re2.error:  # one that is too large for it
        return re.compile(pattern, re.IGNORECASE if small else 0)


def any_of(words: Iterable[bytes]) -> bytes:
    """A pattern of any of these words."""
    return b"(?:" + b"|".join(map(escaped, words)) + b")"


def escaped(text: bytes) -> bytes:
    """`text` as a pattern of itself, which both kinds of expression read alike."""
    return b"".join(_letter(byte) for byte in text)


def none_of_it(word: bytes, ends: bytes) -> bytes:
    """A pattern of what stands up to a byte of `ends` without being `word`."""
    if not word:
        return b"[^" + _in_a_set(ends) + b"]+"
    first = word[:1]
    inner = none_of_it(word[1:], ends)
    others = b"[^" + _in_a_set(first + ends) + b"][^" + _in_a_set(ends) + b"]*"
    return b"(?:" + escaped(first) + inner + b"|" + others + b")?"


def beginning_with_none_of(words: Iterable[bytes], numbers: Iterable[bytes], besides: bytes) -> bytes:
    """A pattern of the first bytes of what begins with none of `words`, nor with one of `numbers` as a whole.

    `besides` are bytes that it does not begin with either.
    """
    tree: _Tree = {}
    for text in words:
        _planted(tree, text, is_number=False)
    for text in numbers:
        _planted(tree, text, is_number=True)
    return _off_the_tree(tree, besides)


# Each byte with what may follow; None under an empty key marks the end of a word, and of a number where it is a digit.
_Tree = dict[bytes, "_Tree | None"]
_WORD_ENDS, _NUMBER_ENDS = b"", b"0-9"


def _planted(tree: _Tree, text: bytes, *, is_number: bool) -> None:
    for place in range(len(text)):
        tree = cast("_Tree", tree.setdefault(text[place : place + 1], {}))
    tree[_NUMBER_ENDS if is_number else _WORD_ENDS] = None


def _off_the_tree(tree: Mapping[bytes, _Tree | None], besides: bytes = b"") -> bytes:
    if _WORD_ENDS in tree:
        return b""
    branches = {key: inner for key, inner in tree.items() if inner is not None}
    branch_bytes = b"".join(branches)
    if _NUMBER_ENDS in tree:
        digits = bytes(byte for byte in b"0123456789" if bytes([byte]) not in branches)
        ways = [b"[" + digits + b"]"] if digits else []
    else:
        ways = [b"[^" + _in_a_set(branch_bytes + besides) + b"]" if branch_bytes + besides else b"(?s:.)"]
    for key, inner in branches.items():
        further = _off_the_tree(inner)
        ways += [escaped(key) + further] if further else []
    return b"(?:" + b"|".join(ways) + b")" if ways else b""


def _in_a_set(letters: bytes) -> bytes:
    return b"".join(map(_letter, letters))


def _letter(byte: int) -> bytes:
    plain = chr(byte).isascii() and chr(byte).isalnum()
    return bytes([byte]) if plain else b"\\x%02x" % byte
