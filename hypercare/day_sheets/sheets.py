"""The day sheets of some files: by day and branch, what was counted by hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hypercare.day_sheets.csv_table import rows_of_csv
from hypercare.day_sheets.values import day_of, decimal_mark, number_of
from hypercare.day_sheets.xlsx_table import counts_from_1904, day_of_number, rows_of_xlsx

if TYPE_CHECKING:
    from hypercare.target_file.sections.day_sheets import DaySheetsSection

_LARGEST = 32 * 1024 * 1024
_HEADING_WITHIN = 15
_HEADINGS: Mapping[str, Sequence[str]] = {
    "day": ("day", "date", "datum", "tag", "jour", "fecha", "dia", "data", "giorno", "dag", "dzien", "dato"),
    "branch": (
        "branch", "store", "shop", "location", "filiale", "standort", "magasin", "succursale", "tienda", "sucursal",
        "negozio", "loja", "winkel", "filiaal", "vestiging", "sklep", "oddzial", "butik",
    ),
    "count": (
        "count", "sales", "number", "receipts", "tickets", "anzahl", "verkaufe", "belege", "bons", "nombre", "ventes",
        "numero", "ventas", "vendite", "scontrini", "vendas", "aantal", "verkopen", "liczba", "antal",
    ),
    "amount": (
        "amount", "total", "sum", "revenue", "turnover", "takings", "betrag", "summe", "umsatz", "einnahmen", "montant",
        "chiffre d'affaires", "importe", "importo", "incasso", "valor", "bedrag", "omzet", "kwota", "suma", "belob",
    ),
    "steps": ("steps", "steps done", "schritte", "arbeitsschritte", "etapes", "pasos", "fasi", "etapas", "stappen"),
    "orders": ("orders", "orders completed", "auftrage", "commandes", "pedidos", "ordini", "encomendas"),
}  # fmt: skip


@dataclass(frozen=True)
class DaySheet:
    """What was counted; None for what nobody wrote down. `lines` is of how many lines it was added up."""

    count: Decimal | None = None
    amount: Decimal | None = None
    steps: Decimal | None = None
    orders: Decimal | None = None
    lines: int = 0


@dataclass
class Sheets:
    """Sheets by day and the word for the branch that stands in them, and what could not be read, in a line each."""

    by_day: dict[tuple[date, str], DaySheet] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    files: int = 0


def read_sheets(section: DaySheetsSection, digits: int) -> Sheets:
    """All sheets of the files that are named. `digits` are the decimals of the currency."""
    found = Sheets()
    for path in _paths(section):
        found.files += 1
        try:
            for key, line in _lines(path, section, digits):
                found.by_day[key] = _added(found.by_day.get(key, DaySheet()), line)
        except (OSError, ValueError) as error:
            found.unreadable.append(f"{path.name}: {error}")
    return found


def _paths(section: DaySheetsSection) -> Sequence[Path]:
    patterns = [Path(one).absolute() for one in section.files]
    found = {path for one in patterns for path in Path(one.anchor).glob(str(one.relative_to(one.anchor)))}
    return [path for path in sorted(found) if path.is_file() and not path.name.startswith(("~", "."))]


def _lines(path: Path, section: DaySheetsSection, digits: int) -> Iterator[tuple[tuple[date, str], DaySheet]]:
    """Each line of a file that names a day.

    Raises:
        ValueError: nothing says which column holds what, or hardly any line can be understood.
    """
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST // 1024 // 1024} MB")
    content = path.read_bytes()
    of_cells = content.startswith(b"PK")
    rows = rows_of_xlsx(content) if of_cells else rows_of_csv(content, section.encoding)
    columns, body = _headed(rows, section)
    day = partial(_day, section=section, of_1904=of_cells and counts_from_1904(content))
    marks = {
        name: _mark(name, [_cell(row, place) for row in body], digits, of_cells) for name, place in columns.items()
    }
    dated = [(day(_cell(row, columns["day"])), row) for row in body]
    if body and not any(found for found, _ in dated):
        raise ValueError("no line of it names a day that can be read")
    for found, row in dated:
        if found is not None:
            numbers = {
                name: number_of(_cell(row, columns[name]), marks[name])
                for name in ("count", "amount", "steps", "orders")
                if name in columns
            }
            branch = _cell(row, columns["branch"]) if "branch" in columns else path.stem
            yield (found, branch), DaySheet(**numbers, lines=1)


def _headed(
    rows: Sequence[Sequence[str]], section: DaySheetsSection
) -> tuple[Mapping[str, int], Sequence[Sequence[str]]]:
    for number, row in enumerate(rows[:_HEADING_WITHIN]):
        columns = _columns(row, section)
        if "day" in columns and columns.keys() & {"count", "amount", "steps", "orders"}:
            return columns, [one for one in rows[number + 1 :] if any(one)]
    raise ValueError("no line of it names its columns; name them in [day_sheets] columns")


def _columns(row: Sequence[str], section: DaySheetsSection) -> Mapping[str, int]:
    places = {_plain(cell): place for place, cell in reversed(list(enumerate(row))) if cell}
    own = {name: _plain(heading) for name, heading in section.columns.items()}
    found = {}
    for name, headings in _HEADINGS.items():
        accepted = (own[name],) if name in own else headings
        place = next((places[heading] for heading in accepted if heading in places), None)
        if place is not None:
            found[name] = place
    return found


def _plain(heading: str) -> str:
    """Without accents and capitals, and without what stands in brackets: "Umsatz (EUR)"."""
    bare = heading.partition("(")[0].partition("[")[0]
    parts = unicodedata.normalize("NFKD", bare.replace("ł", "l").replace("ø", "o"))
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).casefold().split()).rstrip(" :")


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _mark(name: str, cells: Sequence[str], digits: int, of_cells: bool) -> str:
    """Cells of a spreadsheet hold numbers with a point, but for those that are text."""
    if of_cells and not any("," in cell for cell in cells):
        return "."
    return decimal_mark(cells, digits if name == "amount" else 0)


def _day(cell: str, section: DaySheetsSection, of_1904: bool) -> date | None:
    shown = day_of(cell, day_first=section.day_first)
    if shown is not None:
        return shown
    number = number_of(cell) if cell.replace(".", "").isdigit() else None
    if number is None or not 20_000 <= number <= 80_000:
        return None
    return day_of_number(float(number), of_1904=of_1904)


def _added(one: DaySheet, other: DaySheet) -> DaySheet:
    def both(first: Decimal | None, second: Decimal | None) -> Decimal | None:
        return second if first is None else first + (second or 0)

    return DaySheet(
        both(one.count, other.count),
        both(one.amount, other.amount),
        both(one.steps, other.steps),
        both(one.orders, other.orders),
        one.lines + other.lines,
    )
