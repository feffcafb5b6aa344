"""The matrix of branch isolation in summary.json, and where each of its doors stands in the picture of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import Field

from hypercare.outcome.doors import Passage
from hypercare.outcome.part import Part
from hypercare.outcome.result import CheckResult

_VERBS = ("list", "read", "search", "create", "change", "delete", "export", "report")
_SIDE, _STEP, _GAP, _LEFT, _TOP = 18, 24, 14, 100, 92
# How wide a letter is on average at the size of a row's words, with some to spare.
_LETTER = 6.5
_TONES = {Passage.CLOSED: "good", Passage.OPEN: "bad", Passage.NOT_TRIED: "unknown"}


class DoorEntry(Part):
    """People of `role` and another branch's records of `entity`: whether a `verb` opened to them by a `way` in.

    Of `tries` by the operations `by`, `let_through` went through; `reason` says why it was not tried, or not by all.
    """

    role: str
    entity: str
    verb: str = Field(description=", ".join(f'"{verb}"' for verb in _VERBS))
    way: str = Field(description='"API", "web app", "mobile app" or "database"')
    passage: Passage
    tries: int = 0
    let_through: int = 0
    by: list[str] = Field(default_factory=list)
    reason: str = ""

    @property
    def words(self) -> str:
        """What became of it, in words."""
        if self.passage is Passage.NOT_TRIED:
            return f"not tried: {self.reason}" if self.reason else "not tried"
        tried = f"{self.tries} {'try' if self.tries == 1 else 'tries'}"
        if self.passage is Passage.OPEN:
            return f"OPEN: {self.let_through} of {tried} went through"
        return f"closed: {tried}, none went through"


class DoorMatrix(Part):
    """Every door between branches that was looked for: `tried` of them, of which `opened` let somebody through."""

    tried: int = 0
    opened: int = 0
    not_tried: int = 0
    doors: list[DoorEntry] = Field(default_factory=list)

    @classmethod
    def of_results(cls, results: Iterable[CheckResult]) -> Self | None:
        """None where no check tried a door."""
        doors = [DoorEntry.model_validate(dict(entry)) for result in results for entry in result.doors]
        return cls.of_doors(doors) if doors else None

    @classmethod
    def of_doors(cls, doors: Sequence[DoorEntry]) -> Self:
        """Of several looks at one door the gravest counts."""
        gravest: dict[tuple[str, str, str, str], DoorEntry] = {}
        for entry in doors:
            place = (entry.role, entry.entity, entry.verb, entry.way)
            earlier = gravest.get(place)
            if earlier is None or _gravity(entry) > _gravity(earlier):
                gravest[place] = entry
        passages = [entry.passage for entry in gravest.values()]
        not_tried, opened = passages.count(Passage.NOT_TRIED), passages.count(Passage.OPEN)
        return cls(tried=len(passages) - not_tried, opened=opened, not_tried=not_tried, doors=list(gravest.values()))

    @property
    def words(self) -> str:
        opened = "none opened" if not self.opened else f"{self.opened} opened"
        return f"{self.tried} doors were tried, {opened}; {self.not_tried} were not tried"


def _gravity(entry: DoorEntry) -> int:
    return (Passage.NOT_TRIED, Passage.CLOSED, Passage.OPEN).index(entry.passage)


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Mark:
    """One door in the picture; `tone` is its colour, and `shape` tells it to whoever sees no colours."""

    x: int
    y: int
    tone: str
    shape: str
    words: str


@dataclass(frozen=True)
class DoorPicture:
    """Rows are roles with the records of others, columns the verbs by each way in. Lengths are in pixels."""

    width: int
    height: int
    side: int
    ways: Sequence[Label]
    verbs: Sequence[Label]
    rows: Sequence[Label]
    marks: Sequence[Mark]


def picture_of(matrix: DoorMatrix) -> DoorPicture:
    """Where everything stands."""
    roles = list(dict.fromkeys(entry.role for entry in matrix.doors))
    rows = sorted(
        dict.fromkeys((entry.role, entry.entity) for entry in matrix.doors), key=lambda row: roles.index(row[0])
    )
    ways = list(dict.fromkeys(entry.way for entry in matrix.doors))
    verbs = dict.fromkeys([*_VERBS, *(entry.verb for entry in matrix.doors)])
    columns = [(way, verb) for way in ways for verb in verbs if _has(matrix, way, verb)]
    names = {row: f"{row[0]} · {row[1]}" for row in rows}
    left = max([_LEFT, *(round(_LETTER * len(name)) + 16 for name in names.values())])
    x_of = {column: left + place * _STEP + ways.index(column[0]) * _GAP for place, column in enumerate(columns)}
    y_of = {row: _TOP + place * _STEP for place, row in enumerate(rows)}
    first_of = {way: next(x_of[column] for column in columns if column[0] == way) for way in ways}
    return DoorPicture(
        width=max(x_of.values(), default=left) + _STEP + 40,
        height=max(y_of.values(), default=_TOP) + _STEP,
        side=_SIDE,
        ways=[Label(x, 14, way) for way, x in first_of.items()],
        verbs=[Label(x + _SIDE // 2, _TOP - 8, verb) for (_, verb), x in x_of.items()],
        rows=[Label(left - 10, y + _SIDE - 5, names[row]) for row, y in y_of.items()],
        marks=[
            Mark(
                x_of[(entry.way, entry.verb)],
                y_of[(entry.role, entry.entity)],
                _TONES[entry.passage],
                entry.passage.value.replace(" ", "-"),
                f"{entry.role}, {entry.verb} {entry.entity} by the {entry.way}: {entry.words}",
            )
            for entry in matrix.doors
        ],
    )


def _has(matrix: DoorMatrix, way: str, verb: str) -> bool:
    return any((entry.way, entry.verb) == (way, verb) for entry in matrix.doors)
