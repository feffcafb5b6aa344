"""Day sheets as branches hand them in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from hypercare.day_sheets import DaySheet, Sheets, read_sheets
from hypercare.target_file.sections.day_sheets import DaySheetsSection
from tests.day_sheets.spreadsheet import xlsx

THE_8TH, THE_9TH = date(2026, 1, 8), date(2026, 1, 9)
EXCEL_8TH = 46030


def read(folder: Path, *, name: str = "HAR.csv", content: bytes, **settings: Any) -> Sheets:
    (folder / name).write_bytes(content)
    return read_sheets(DaySheetsSection(files=(str(folder / "*"),), **settings), digits=2)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Datum;Filiale;Anzahl;Umsatz\n08.01.2026;Nord;58;1.164,45 €\n".encode(), id="German"),
        pytest.param("Datum;Filiale;Anzahl;Umsatz (€)\n08.01.2026;Nord;58;1.164,45 €\n".encode("cp1252"), id="Windows"),
        pytest.param('\ufeffDate,Branch,Sales,Amount\n2026-01-08,Nord,58,"1,164.45"\n'.encode(), id="English"),
        pytest.param("Date\tStore\tCount\tTotal\n08/01/2026\tNord\t58\t1164.45\n".encode("utf-16"), id="UTF-16"),
        pytest.param(b"sep=|\r\nJour|Magasin|Ventes|Montant\r\n8.1.2026|Nord|58|1 164,45\r\n", id="sep"),
        pytest.param(
            b"Kassenbuch Januar;;;\n;;;\nTag;Standort;Belege;Summe\n8.1.26;Nord;58;1164,45\nSumme;;58;1164,45\n",
            id="titles and sums",
        ),
    ],
)
def test_a_sheet_is_read_as_the_programme_of_the_shop_writes_it(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content=content)
    assert found.unreadable == []
    assert found.by_day == {(THE_8TH, "Nord"): DaySheet(Decimal(58), Decimal("1164.45"), lines=1)}


@pytest.mark.parametrize("first_is_empty", [False, True])
@pytest.mark.parametrize(("of_1904", "day"), [(False, EXCEL_8TH), (True, EXCEL_8TH - 1462)])
def test_a_spreadsheet_is_read(tmp_path: Path, of_1904: bool, day: int, first_is_empty: bool) -> None:
    rows = [
        ["Kassenbuch"],
        [None, "Datum", "Filiale", "Umsatz"],
        [None, day, "Nord", 1164.45],
        [None, "Summe", None, 1],
    ]
    content = xlsx(rows, of_1904=of_1904, first_is_empty=first_is_empty)
    found = read(tmp_path, name="sheets.xlsx", content=content)
    assert found.by_day == {(THE_8TH, "Nord"): DaySheet(amount=Decimal("1164.45"), lines=1)}


def test_a_line_for_each_sale_adds_up_to_the_day(tmp_path: Path) -> None:
    content = b"Date,Amount\n2026-01-08,10.50\n2026-01-08,20.00\n2026-01-09,1.00\n"
    found = read(tmp_path, content=content)
    assert found.by_day == {
        (THE_8TH, "HAR"): DaySheet(amount=Decimal("30.50"), lines=2),
        (THE_9TH, "HAR"): DaySheet(amount=Decimal("1.00"), lines=1),
    }


def test_headings_may_be_named(tmp_path: Path) -> None:
    content = b"wann;was kam rein\n8.1.2026;12,00\n"
    found = read(tmp_path, content=content, columns={"day": "Wann", "amount": "was kam rein"})
    assert found.by_day == {(THE_8TH, "HAR"): DaySheet(amount=Decimal("12.00"), lines=1)}


def test_what_the_floor_counts_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, content="Tag;Schritte;Aufträge\n8.1.2026;31;4\n".encode())
    assert found.by_day == {(THE_8TH, "HAR"): DaySheet(steps=Decimal(31), orders=Decimal(4), lines=1)}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("HAR.csv", b"what;ever\n1;2\n", "names its columns"),
        ("HAR.csv", b"Datum;Umsatz\ngestern;2,00\n", "names a day"),
        ("HAR.xlsx", b"PK\x03\x04 broken", "no XLSX file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    found = read(tmp_path, name=name, content=content)
    assert found.by_day == {}
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith(f"{name}: ")
    assert says in found.unreadable[0]


def test_a_spreadsheet_that_declares_entities_is_not_opened(tmp_path: Path) -> None:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>')
    found = read(tmp_path, name="trap.xlsx", content=content.getvalue())
    assert "declares entities" in found.unreadable[0]


def test_files_that_a_spreadsheet_leaves_while_it_is_open_are_no_sheets(tmp_path: Path) -> None:
    assert read(tmp_path, name="~$HAR.xlsx", content=b"locked").files == 0
