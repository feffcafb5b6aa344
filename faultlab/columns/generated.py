"""The faults of a system's mapped columns, drawn by a seed: the same seed gives the same faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from faultlab.columns.kinds import Wrong, kinds_for
from faultlab.columns.place import Place, places_of, rows_of
from faultlab.columns.planned import Change, Planned
from faultlab.scene import Scene

_NOBODYS = 9_999_999
_NO_WORD = "zebra"


@dataclass(frozen=True)
class Choice:
    """Which columns and kinds are meant; empty means all of them. `sample` draws so many; 0 is all."""

    entity: str = ""
    column: str = ""
    kind: str = ""
    seed: int = 1
    sample: int = 0

    def takes(self, entity: str, field: str, kind: str) -> bool:
        return self.entity in ("", entity) and self.column in ("", field) and self.kind in ("", kind)

    def drawn_from(self, planned: Sequence[Planned]) -> list[Planned]:
        chosen = [one for one in planned if self.takes(one.entity, one.field, one.kind)]
        if not 0 < self.sample < len(chosen):
            return chosen
        drawn = set(Random(self.seed).sample(range(len(chosen)), self.sample))
        return [one for number, one in enumerate(chosen) if number in drawn]


def faults_in(scene: Scene, choice: Choice) -> list[Planned]:
    """A fault for each mapped column and each way in which it can be wrong, where some row can be so."""
    spoilt_columns = [
        (place, kind)
        for place in places_of(scene.config)
        for kind in kinds_for(place)
        if choice.takes(place.entity, place.field, kind)
    ]
    return choice.drawn_from(list(_planned(scene, spoilt_columns, choice.seed)))


def _planned(scene: Scene, spoilt_columns: Sequence[tuple[Place, Wrong]], seed: int) -> Iterator[Planned]:
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for place, kind in spoilt_columns:
        key = (place.table, place.rows)
        if key not in rows:
            rows[key] = rows_of(scene, place.table, place.rows)
        found = _Drawing(scene, place, rows[key], Random(f"{seed}/{place.name}/{kind}")).changes(kind)
        if found:
            words = f"{place.name} of {place.table} {found[0].row}: {kind}"
            yield Planned(place.entity, place.field, kind, words, found)


@dataclass(frozen=True)
class _Drawing:
    """Draws a row of a column and what becomes of it."""

    scene: Scene
    place: Place
    rows: Sequence[dict[str, Any]]
    random: Random

    def changes(self, kind: Wrong) -> tuple[Change, ...]:
        """Nothing where no row can be wrong in this way."""
        filled = [row for row in self.rows if row[self.place.column] not in (None, "")]
        if not filled:
            return ()
        row = self.random.choice(filled)
        if kind is Wrong.SWAPPED:
            return self._swapped(row, filled)
        if self.place.field == "id" and kind is Wrong.DANGLING:
            # Its key is what a row is brought back by, so it goes and comes back under another one.
            row = self.random.choice(filled[1:])
            anew = Change("add", self.place.table, None, {name: row[name] for name in row if name != "id"})
            return (Change("delete", self.place.table, row["id"]), anew)
        if kind is Wrong.DOUBLED:
            return (Change("copy", self.place.table, row["id"], self._own_words(row)),)
        value = self._wrong(kind, row, filled)
        return () if value == row[self.place.column] else (self._set(row, value),)

    def _wrong(self, kind: Wrong, row: dict[str, Any], filled: Sequence[dict[str, Any]]) -> Any:
        was = row[self.place.column]
        match kind:
            case Wrong.NULL:
                return None
            case Wrong.EMPTIED:
                return ""
            case Wrong.DANGLING:
                return _NOBODYS
            case Wrong.UNKNOWN:
                return _NO_WORD
            case Wrong.ANOTHERS | Wrong.OTHER_WORD:
                return self._other_value(was, filled)
            case Wrong.STALE:
                earlier = [one[self.place.column] for one in filled if one["id"] < row["id"]]
                return next((value for value in earlier if value != was), was)
            case Wrong.DAY_EARLIER:
                return self._moved(was, timedelta(days=-1))
            case Wrong.BEFORE_GO_LIVE:
                return self._moved(was, timedelta(days=-90))
            case Wrong.AHEAD:
                return self._moved(was, timedelta(days=400))
            case Wrong.FLIPPED:
                return not was
            case _:
                return _reckoned(kind, Decimal(str(was)))

    def _other_value(self, was: Any, filled: Sequence[dict[str, Any]]) -> Any:
        others = sorted({one[self.place.column] for one in filled} - {was}, key=str)
        return self.random.choice(others) if others else was

    def _swapped(self, row: dict[str, Any], filled: Sequence[dict[str, Any]]) -> tuple[Change, ...]:
        column = self.place.column
        others = [one for one in filled if one[column] != row[column]]
        if not others:
            return ()
        other = self.random.choice(others)
        between = self._set(other, f"{_NO_WORD}" if isinstance(row[column], str) else _NOBODYS)
        return (between, self._set(row, other[column]), self._set(other, row[column]))

    def _set(self, row: dict[str, Any], value: Any) -> Change:
        return Change("update", self.place.table, row["id"], {self.place.column: value})

    def _moved(self, was: Any, length: timedelta) -> Any:
        if self.place.kind == "day":
            day = was if isinstance(was, date) else date.fromisoformat(str(was)[:10])
            return str(day + length)
        return self.scene.moved(was, length)

    def _own_words(self, row: dict[str, Any]) -> dict[str, Any]:
        """What keeps a copy from being refused: keys that have to be unique are its own."""
        unique = {"code", "username", "sku", "token_hash", "client_reference", "position", "sequence"}
        unique |= {"number"} if self.place.table == "production_orders" else set()
        own = {name: f"{row[name]}x" for name in unique if isinstance(row.get(name), str)}
        return own | {name: row[name] + 100 for name in unique if isinstance(row.get(name), int)}


def _reckoned(kind: Wrong, was: Decimal) -> Any:
    became = {
        Wrong.ZERO: Decimal(0),
        Wrong.NEGATIVE: -was,
        Wrong.TENFOLD: was * 10,
        Wrong.CENT: was + Decimal("0.01"),
    }[kind]
    return int(became) if became == became.to_integral_value() else float(became)
