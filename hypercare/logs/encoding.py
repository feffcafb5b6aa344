"""In which encoding a log is written, told from its first bytes and a sample."""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from hypercare.log_levels.level_words import IN_PLACE
from hypercare.logs.pieces import Piece

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Of several in which as many level words are found, the first.
_OTHERS = (
    "cp1252", "cp1251", "cp1250", "cp1254", "cp1253", "cp1257", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
    "koi8-r", "cp866",
)  # fmt: skip
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_CHUNK = 1 << 20


def encoding_of(first: bytes, sample: bytes) -> str:
    """`first` is the start of the file; a mark there decides, else what the bytes of the sample can be.

    Of others, the level words found tell, else how many of the letters in a row are beyond ASCII.
    """
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    wide = _two_bytes_a_letter(first or sample)
    if wide is not None:
        return wide
    if sample.isascii() or _is_utf8(sample):
        return "utf-8"
    likely = "cp1251" if _is_cyrillic(sample) else "cp1252"
    found = {name: sum(sample.count(word) for word in words) for name, words in _words_in().items()}
    most = max(found.values())
    return likely if found[likely] == most else next(name for name, count in found.items() if count == most)


@lru_cache(maxsize=1)
def _words_in() -> dict[str, tuple[bytes, ...]]:
    """The level words beyond ASCII in each encoding that can write them."""
    return {name: tuple(_encoded(name)) for name in _OTHERS}


def _encoded(name: str) -> Iterator[bytes]:
    for word in (word for word in IN_PLACE if not word.isascii()):
        for form in {word.upper(), word.capitalize()}:
            try:
                yield form.encode(name)
            except UnicodeEncodeError:
                continue


def _two_bytes_a_letter(sample: bytes) -> str | None:
    # Long runs of zeros are what a crash of the machine leaves behind.
    part = sample[:4096]
    part = part[: len(part) // 2 * 2]
    if len(part) < 8:
        return None
    for name, zeros, letters in (("utf-16-le", part[1::2], part[::2]), ("utf-16-be", part[::2], part[1::2])):
        if zeros.count(0) > 0.6 * len(zeros) and letters.count(0) < 0.05 * len(letters):
            return name
    return None


def _is_utf8(sample: bytes) -> bool:
    """Whether nearly all beyond ASCII is UTF-8: a broken letter, or one cut in two at an end, does not make another."""
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    beyond = sum(1 for byte in sample if byte >= 0x80)
    return broken <= max(2, 0.1 * beyond) and beyond - broken > broken


def _is_cyrillic(sample: bytes) -> bool:
    beyond = sum(1 for byte in sample if byte >= 0xC0)
    in_words = sum(1 for one, other in pairwise(sample) if one >= 0xC0 and other >= 0xC0)
    return beyond > 0 and in_words >= 0.5 * beyond


@contextmanager
def in_utf8(piece: Piece, encoding: str, scratch: Path) -> Iterator[Piece]:
    """The piece itself where a letter is one byte or UTF-8, else its text in a nameless file as UTF-8."""
    if not encoding.startswith("utf-16"):
        yield piece
        return
    scratch.mkdir(parents=True, exist_ok=True)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with tempfile.TemporaryFile(dir=scratch) as plain:
        for start in range(0, piece.size, _CHUNK):
            text = decoder.decode(piece.read(start, min(start + _CHUNK, piece.size)))
            plain.write(text.removeprefix("\ufeff").encode("utf-8", "replace"))
        plain.flush()
        yield Piece(piece.path, plain, os.fstat(plain.fileno()).st_size, piece.newest)


def text_of(part: bytes, encoding: str) -> str:
    """Bytes of a record as text, without what a crash leaves behind and what colours a terminal."""
    return without_colours(part.replace(b"\x00", b"").decode(encoding, "replace"))


def without_colours(text: str) -> str:
    return _COLOURS.sub("", text) if "\x1b" in text else text


def of_parts(encoding: str) -> str:
    """The encoding in which records are read, once two bytes a letter were made UTF-8."""
    return "utf-8" if encoding.startswith("utf-16") else encoding
