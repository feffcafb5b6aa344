"""A change to a system's records that is known beforehand, so that any process can make it and take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from faultlab.fault import Fault, Where
from faultlab.scene import Scene


@dataclass(frozen=True)
class Change:
    """One row. `set_to` are the columns of an update, of an added row, or those in which a copy differs."""

    how: str  # "update", "copy", "add" or "delete"
    table: str
    row: int | None = None
    set_to: Mapping[str, Any] = field(default_factory=dict)

    def make(self, scene: Scene) -> None:
        tables = scene.tables
        match self.how:
            case "update":
                to = ", ".join(f"{column} = :{column}" for column in self.set_to)
                tables.change(self.table, to, "id = :key_of_row", key_of_row=self.row, **self.set_to)
            case "copy":
                assert self.row is not None
                tables.copy(self.table, self.row, **self.set_to)
            case "add":
                tables.add(self.table, **self.set_to)
            case "delete":
                tables.delete(self.table, "id = :key_of_row", key_of_row=self.row)


@dataclass(frozen=True)
class Planned:
    """What happens to one column of one record. `kind` is a way to be wrong, or in which a healthy one may vary."""

    entity: str
    field: str
    kind: str
    happens: str
    changes: tuple[Change, ...]
    healthy: bool = False

    @property
    def name(self) -> str:
        return f"{self.entity}.{self.field}"

    @property
    def fault(self) -> Fault:
        def put_in(scene: Scene) -> None:
            for change in self.changes:
                change.make(scene)

        return Fault(id=f"column-{self.name}-{self.kind}", happens=self.happens, where=Where.DATABASE, put_in=put_in)
