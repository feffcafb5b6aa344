"""Keys and words of the target file that were renamed. The old ones are read for one version more, with a warning each.

This table is the one place that knows them. After the next version, empty it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Renamed:
    """A key of a section; with a `value`, one of the words that may stand behind the key, which stays."""

    section: str
    old: str
    new: str
    value_of: str = ""

    @property
    def words(self) -> str:
        old = f"{self.value_of} {self.old}".lstrip()
        return f"[{self.section}] {old} is called {self.new} now; the old name is read for one more version"


_WITHIN = {
    "web": "timeout",
    "mobile": "timeout",
    "mobile.handshake": "timeout",
    "api": "timeout",
    "api.endpoints": "timeout",
    "database": "timeout",
    "heartbeat": "timeout",
    "backups": "complete_within",
    "probe": "degraded_after",
}
_KINDS = {"retail": "stock", "studio": "made_to_order"}
_BY_KIND = ("canary.products", "mapping.sale.values.kind", "rest.kinds", "web.flow.kinds", "mobile.flow.kinds")
_CHECKS = {
    "every_workshop_enters_its_costs": "every_producing_branch_enters_its_costs",
    "every_workshop_moves": "every_producing_branch_moves",
    "studio_sales_have_their_order": "sales_made_to_order_have_their_order",
}
RENAMED = (
    *(Renamed(section, "within", new) for section, new in _WITHIN.items()),
    Renamed("probe", "patience", "timeout"),
    *(Renamed(section, old, new) for section in _BY_KIND for old, new in _KINDS.items()),
    *(Renamed("mapping.agreed", old, new, value_of="holds") for old, new in _CHECKS.items()),
)
_SECTIONS_WITH_KINDS = ("rest", "web.flow", "mobile.flow")


@dataclass(frozen=True)
class OldName:
    """Where an old name stands, by the keys and numbers that lead there."""

    renamed: Renamed
    place: Place


class BothNames(Exception):
    """The old and the new name of one key are both given; the message says so, `place` is that of the old one."""

    def __init__(self, renamed: Renamed, place: Place) -> None:
        super().__init__(
            f"[{renamed.section}] has both {renamed.new} and {renamed.old}, which is the old name of the same key; "
            f"leave {renamed.old} out"
        )
        self.place = place


def with_new_names(settings: dict[str, Any]) -> tuple[dict[str, Any], list[OldName]]:
    """The settings of one file as if they were written today, and each old name where it first stands.

    Raises:
        BothNames: a key is given by both of its names.
    """
    changed = deepcopy(settings)
    found: list[OldName] = []
    for renamed in RENAMED:
        change = _rename_value if renamed.value_of else _rename_key
        places = [
            place
            for way, table in _tables(changed, renamed.section.split("."))
            for place in change(table, renamed, way)
        ]
        found += [OldName(renamed, place) for place in places[:1]]
    return changed, found


def old_words_for(section: str, word: str) -> tuple[str, ...]:
    """By which names a word of ours went before, in data that an expression of the target file yields."""
    return tuple(one.old for one in RENAMED if one.section == section and one.new == word)


def _tables(value: Any, path: Sequence[str], way: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The tables of a section, each of a list of tables too; what has another shape is left to the validation."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _tables(one, path, (*way, number))
    elif isinstance(value, dict) and not path:
        yield way, value
    elif isinstance(value, dict) and path[0] in value:
        yield from _tables(value[path[0]], path[1:], (*way, path[0]))


def _rename_key(table: dict[str, Any], renamed: Renamed, way: Place) -> Iterator[Place]:
    if renamed.old not in table:
        return
    place = (*way, renamed.old)
    if renamed.new in table:
        raise BothNames(renamed, place)
    renamed_table = {renamed.new if name == renamed.old else name: value for name, value in table.items()}
    table.clear()
    table.update(renamed_table)
    yield place


def _rename_value(table: dict[str, Any], renamed: Renamed, way: Place) -> Iterator[Place]:
    values = table.get(renamed.value_of)
    if isinstance(values, list) and renamed.old in values:
        table[renamed.value_of] = [renamed.new if one == renamed.old else one for one in values]
        yield (*way, renamed.value_of)


def say_the_old_kinds(settings: dict[str, Any], found: Sequence[OldName]) -> None:
    """Where the system's word for a kind is not given, ours was sent: of a file of before, that of before.

    `settings` are those of the file and of its adapter together, and `found` the old names in both: the products may
    stand in one of them, and the requests in the other. They are changed in place.
    """
    sold = {one.renamed.new: one.renamed.old for one in found if one.renamed.section == _BY_KIND[0]}
    for section in _SECTIONS_WITH_KINDS if sold else ():
        for _, table in _tables(settings, section.split(".")):
            kinds = table.get("kinds", {})
            if "{kind" in str(table) and isinstance(kinds, dict):
                table["kinds"] = {**sold, **kinds}
