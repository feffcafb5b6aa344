"""XLSX files as spreadsheets write them, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(rows: Sequence[Sequence[object]], *, of_1904: bool = False, first_is_empty: bool = False) -> bytes:
    """A file with one sheet; text is shared, numbers are numbers."""
    texts = sorted({cell for row in rows for cell in row if isinstance(cell, str)})
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for place, cell in enumerate(row):
            if cell is None:
                continue
            name = f'r="{chr(ord("A") + place)}{number}"'
            kind, value = (' t="s"', texts.index(cell)) if isinstance(cell, str) else ("", cell)
            cells.append(f"<c {name}{kind}><v>{value}</v></c>")
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    sheet = f"<worksheet {_NAMES}><sheetData>{''.join(lines)}</sheetData></worksheet>"
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<workbook {_NAMES}><workbookPr date1904="{int(of_1904)}"/></workbook>')
        archive.writestr("xl/sharedStrings.xml", f"<sst {_NAMES}>{shared}</sst>")
        if first_is_empty:
            archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {_NAMES}><sheetData/></worksheet>")
        archive.writestr(f"xl/worksheets/sheet{1 + first_is_empty}.xml", sheet)
    return content.getvalue()
