"""The rows of a CSV file, whatever programme wrote it."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from io import StringIO

_MARKS = ";,\t|"
_BYTE_ORDER = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Windows writes so where nobody says otherwise; every byte is a letter in it or in the other.
_WITHOUT_WORD = ("utf-8", "cp1252", "latin-1")
_LINES_TRIED = 20


def rows_of_csv(content: bytes, encoding: str | None = None) -> list[list[str]]:
    """Every line as its cells.

    Raises:
        ValueError: the text is not of this encoding, or the encoding is not known.
    """
    text = _decoded(content, encoding)
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    mark = ""
    if said.startswith("sep=") and len(said) == len("sep=;"):
        text, mark = rest, said[-1]
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark or _mark(text.splitlines()[:_LINES_TRIED]))
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is no line of a table ({error})") from None


def _decoded(content: bytes, encoding: str | None) -> str:
    for start, name in _BYTE_ORDER.items():
        if content.startswith(start):
            return content.decode(name)
    for name in (encoding,) if encoding else _WITHOUT_WORD:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise ValueError(f"{name!r} is no encoding") from None
    raise ValueError(f"it is not written in {encoding}")


def _mark(lines: Sequence[str]) -> str:
    """What parts the cells: the mark that most lines have equally often."""

    def agreement(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if line.strip()]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_MARKS, key=agreement)
