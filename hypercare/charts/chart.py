"""What a chart is, whatever draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Table:
    """The numbers of a chart as text. The first cell of each row is its head."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """`kind` names what draws it; `drawing` is that one's. `sentence` says what is to be seen.

    `name` is its id on the page. `notes` are what it leaves out, and why. A `table` that is none is the drawing itself.
    """

    name: str
    title: str
    sentence: str
    kind: str
    drawing: object
    table: Table | None
    notes: Sequence[str] = ()
    is_wide: bool = False
