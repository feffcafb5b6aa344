"""What is proposed for [rest]: tables with their keys, each with how sure we are and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from hypercare.target_file.sections.rest import RestSection

# What must be there besides, so that a verb can be used at all.
_NEEDS = {
    "create_sale": ("read_sale", "undo_sale"),
    "finalise_sale": ("create_sale",),
    "read_order": ("read_sale",),
    "start_step": ("read_order",),
    "finish_step": ("read_order", "start_step"),
    "add_cost": ("read_order",),
}


@dataclass
class TableProposal:
    """[rest.NAME] with its settings; `several` where it is one of a list. `held_back` says why it is only a comment."""

    name: str
    settings: dict[str, Any]
    sure: float
    why: str
    held_back: str = ""
    several: bool = False


@dataclass
class RestProposal:
    """All tables of [rest], and what stands in [rest] itself; `missing` are verbs for which nothing was found."""

    tables: list[TableProposal] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        return any(one.name == "log_in" and not one.held_back for one in self.tables)

    def add(self, table: TableProposal) -> None:
        """A new table, or further settings of one that is there already."""
        there = next((one for one in self.tables if one.name == table.name and not one.several), None)
        if there is None:
            self.tables.append(table)
        else:
            there.settings |= table.settings

    def live(self) -> dict[str, Any]:
        """The settings that are proposed and no comments."""
        settings: dict[str, Any] = dict(self.own)
        for one in self.tables:
            if one.held_back:
                continue
            place = settings
            *above, last = one.name.split(".")
            for part in above:
                place = place.setdefault(part, {})
            if one.several:
                place.setdefault(last, []).append(one.settings)
            else:
                place[last] = {**place.get(last, {}), **one.settings}
        return settings

    def settle(self) -> None:
        """Make comments of what cannot stand by itself, until the rest is understood."""
        if not self.is_usable:
            self._hold_back((one.name for one in self.tables), "without a way to log in it is of no use yet")
            return
        for verb, needed in _NEEDS.items():
            there = {one.name for one in self.tables if not one.held_back}
            gone = [name for name in needed if name not in there]
            if verb in there and gone:
                self._hold_back([verb], f"it needs {' and '.join(f'[rest.{name}]' for name in gone)}")
        for _ in range(len(self.tables)):
            wrong = self._not_understood()
            if not wrong:
                return
            self._hold_back(wrong, "; ".join(dict.fromkeys(wrong.values())))
        self._hold_back((one.name for one in self.tables), "together they are not understood")

    def _not_understood(self) -> Mapping[str, str]:
        try:
            RestSection.model_validate(self.live())
        except ValidationError as error:
            names = {one.name for one in self.tables if not one.held_back}
            wrong = {}
            for one in error.errors():
                parts = [str(part) for part in one["loc"] if not isinstance(part, int)]
                name = next((".".join(parts[:n]) for n in (2, 1) if ".".join(parts[:n]) in names), "log_in")
                wrong[name] = one["msg"]
            return wrong
        return {}

    def _hold_back(self, names: Iterable[str], why: str) -> None:
        table_names = set(names)
        for one in self.tables:
            if one.name in table_names and not one.held_back:
                one.held_back = why
