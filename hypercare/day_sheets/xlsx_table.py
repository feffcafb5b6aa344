"""The rows of the first sheet of an XLSX file that holds anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

_LARGEST_PART = 64 * 1024 * 1024
_COLUMN = re.compile(r"[A-Z]+")
_ROWS_READ = 100_000
# Day 60 of 1900 is one that never was; all that is told by hand is of later.
_EPOCH = date(1899, 12, 30)
_EPOCH_OF_1904 = date(1904, 1, 1)


def rows_of_xlsx(content: bytes) -> list[list[str]]:
    """Every row as its cells, as text; numbers and days as their numbers, booleans as 1 and 0.

    Raises:
        ValueError: it is no such file, or larger than anything that is handed in.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            texts = list(_texts(archive))
            for name in _sheets(archive):
                rows = list(_rows(_tree(archive, name), texts))
                if any(any(row) for row in rows):
                    return rows
    except (BadZipFile, KeyError, ElementTree.ParseError, IndexError) as error:
        raise ValueError(f"it is no XLSX file ({error})") from None
    return []


def day_of_number(number: float, *, of_1904: bool = False) -> date:
    """The day that a cell shows whose number this is."""
    return (_EPOCH_OF_1904 if of_1904 else _EPOCH) + timedelta(days=int(number))


def counts_from_1904(content: bytes) -> bool:
    """Whether the days of the file are counted as old programmes of Apple's did."""
    with ZipFile(BytesIO(content)) as archive:
        found = [one for one in _tree(archive, "xl/workbook.xml") if _plain(one) == "workbookPr"]
        return any(one.get("date1904") in {"1", "true"} for one in found)


def _sheets(archive: ZipFile) -> Sequence[str]:
    names = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    return sorted(names, key=lambda name: int(re.sub(r"\D", "", name)))


def _tree(archive: ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _LARGEST_PART:
        raise ValueError(f"its part {name} is larger than {_LARGEST_PART // 1024 // 1024} MB")
    text = archive.read(name)
    # Nothing that a spreadsheet writes declares entities; what does may be a trap.
    if b"<!DOCTYPE" in text[:2000] or b"<!ENTITY" in text:
        raise ValueError(f"its part {name} declares entities")
    return ElementTree.fromstring(text)


def _texts(archive: ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        for one in _tree(archive, "xl/sharedStrings.xml"):
            yield _text(one)


def _rows(sheet: ElementTree.Element, texts: Sequence[str]) -> Iterator[list[str]]:
    for number, row in enumerate(one for one in sheet.iter() if _plain(one) == "row"):
        if number >= _ROWS_READ:
            raise ValueError(f"it has more than {_ROWS_READ:,} rows")
        cells: dict[int, str] = {}
        for cell in row:
            place = _column(cell.attrib, len(cells))
            cells[place] = _value(cell, texts)
        yield [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]


def _column(cell: Mapping[str, str], next_one: int) -> int:
    found = _COLUMN.match(cell.get("r", ""))
    if found is None:
        return next_one
    number = 0
    for letter in found[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ElementTree.Element, texts: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((one.text or "" for one in cell if _plain(one) == "v"), "")
    if kind == "s" and value:
        return texts[int(value)].strip()
    return "" if kind == "e" else value.strip()


def _text(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter() if _plain(one) == "t").strip()


def _plain(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
