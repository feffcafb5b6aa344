"""The checklist: every item of the plan with its words, rounds and level, and what else hangs on it.

What an item answers for, whether selling depends on it and what it needs itself are keys of the item, so that the code
knows no item by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from hypercare.plan.calendar import Calendar
from hypercare.plan.checklist_file import checked_file, read_tables
from hypercare.plan.gate import Gate
from hypercare.plan.item import About, Item, PlannedFigure, SwitchedOff, Trading
from hypercare.plan.layers import BUILT_IN, Layer, LayerProblem, layer_of, layered, with_what_hangs_on_changes
from hypercare.plan.problem import ChecklistProblem, ItemIsOff, UnknownItem, UnknownRound
from hypercare.plan.rounds import DAILY_ROUNDS, Round
from hypercare.plan.schedule import PlannedRound, Schedule
from hypercare.plan.ways import Way
from hypercare.shipped import CHECKLIST, CHECKLIST_FILE


@dataclass(frozen=True)
class Checklist:
    """`switched_off` are the items that it leaves out, `figures` those of checks of one's own, `gates` what
    must hold at the end of a stretch of days. `layer` is there where
    it is made of changes to the built-in plan, so that the checks which come with the program belong to it."""

    items: tuple[Item, ...]
    rounds: tuple[PlannedRound, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    figures: tuple[PlannedFigure, ...] = ()
    layer: Layer | None = None
    gates: tuple[Gate, ...] = ()

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __getitem__(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        for off in self.switched_off:
            if off.id == item_id:
                raise ItemIsOff(off.id, off.reason, off.by)
        raise UnknownItem(item_id, [item.id for item in self.items])

    def __contains__(self, item_id: object) -> bool:
        return any(item.id == item_id for item in self.items)

    @property
    def is_layered(self) -> bool:
        return self.layer is not None

    def require_round(self, name: str) -> None:
        """Raises UnknownRound when the plan has no round of that name."""
        known_names = [one.name for one in self.rounds]
        if name not in known_names:
            raise UnknownRound(name, known_names)

    @property
    def schedules(self) -> dict[str, Schedule]:
        """When each round is due that carries an item and has a time."""
        carried = {name for item in self.items for name in item.rounds}
        return {one.name: one.schedule for one in self.rounds if one.schedule is not None and one.name in carried}

    def hour_of(self, name: str) -> time:
        """At which time a round is due; the rarer ones are due in the morning."""
        schedule = self.schedules.get(name)
        return DAILY_ROUNDS[Round.MORNING] if schedule is None else schedule.hour

    def of_round(self, chosen: str, day: date, calendar: Calendar) -> tuple[Item, ...]:
        """The items that a round carries on a given day, in the order of the plan.

        The days of an item do not matter in a round that is held only when they are over: whoever names one for a
        weekly round of normal operations means each of these.
        """
        of_round = next((one.day_ranges for one in self.rounds if one.name == chosen), ())

        def is_due(item: Item) -> bool:
            days = item.day_ranges
            are_over = of_round and all(one.is_over_before(other) for one in days for other in of_round)
            return not days or bool(are_over) or calendar.is_in(days, day)

        return tuple(item for item in self.items if chosen in item.rounds and is_due(item))

    def answering(self, way: str) -> Item | None:
        """The item that answers for a way in; the shipped plan's where this one has none."""
        for item in self.items:
            if item.answers_for == way:
                return item
        return None if self.items == shipped().items else shipped().answering(way)

    def gate(self, gate_id: str) -> Gate:
        """Raises UnknownItem where the plan has no gate of that id."""
        for one in self.gates:
            if one.id == gate_id:
                return one
        raise UnknownItem(gate_id, [one.id for one in self.gates], of="gates of the checklist")

    def needs(self, item_id: str) -> frozenset[str]:
        """The items that one depends on, and what those depend on in turn."""
        found: set[str] = set()
        waiting = [item_id]
        while waiting:
            name = waiting.pop()
            # What answers for a way that this plan has no item for is an item of the shipped plan.
            plan = self if name in self else shipped()
            new = set(plan[name].depends_on) - found if name in plan else set()
            found |= new
            waiting += new
        return frozenset(found)

    @property
    def trading(self) -> tuple[str, ...]:
        """The items that selling depends on, in the order of the plan."""
        named = [item.id for item in self.items if item.trading is not Trading.NO]
        needed = set(named).union(*map(self.needs, named))
        return tuple(item.id for item in self.items if item.id in needed)


def read_checklist(path: Path) -> Checklist:
    """Read and check a checklist file: a whole plan, or with `base = "built-in"` changes to the one that comes with the
    program. Of the keys that an item of a whole plan leaves out, those that say what hangs on it are as the
    built-in plan has them for that id, so that a copy of an older plan means what it meant.

    Raises:
        ChecklistProblem: it is missing, is not TOML, has an unknown key or value, an id or a way twice, or items that
            depend on an unknown one or on each other in a circle.
    """
    tables = read_tables(path)
    if tables.get("base") is not None:
        return _checked(path, _layered(path, tables))
    checklist = _modelled(path, tables)
    if path.resolve() != CHECKLIST.resolve():
        checklist = _completed(checklist, shipped())
    return _checked(path, checklist)


def checklist_of(project: Path) -> Path:
    """The checklist of a project: its own, or where it has none the one that comes with the program."""
    own = project / CHECKLIST_FILE
    return own if own.is_file() else CHECKLIST


@cache
def plan_of(project: Path) -> Checklist:
    """The plan of a project, read once however many targets go by it. Raises ChecklistProblem as `read_checklist`."""
    return read_checklist(checklist_of(project))


@cache
def shipped() -> Checklist:
    """The plan that comes with the program."""
    return _checked(CHECKLIST, _modelled(CHECKLIST, read_tables(CHECKLIST)))


def _modelled(path: Path, tables: Mapping[str, Any]) -> Checklist:
    file = checked_file(path, tables)
    return Checklist(file.items, tuple(file.round), file.switched_off, tuple(file.figure), gates=tuple(file.gate))


def _layered(path: Path, own: Mapping[str, Any]) -> Checklist:
    if own["base"] != BUILT_IN:
        raise ChecklistProblem(f'the checklist {path}, base: there is only "{BUILT_IN}" to build on')
    built_in = read_tables(CHECKLIST)
    try:
        tables = layered(own, built_in)
    except LayerProblem as problem:
        raise ChecklistProblem(f"the checklist {path}: {problem}") from None
    file = checked_file(path, tables, by_name=True)
    items = with_what_hangs_on_changes(file.items, own.get("item", []), shipped().items, file.switched_off)
    layer = layer_of(own, built_in)
    return Checklist(items, tuple(file.round), file.switched_off, tuple(file.figure), layer, tuple(file.gate))


def _require_known_items(path: Path, gate: Gate, ids: Collection[str]) -> None:
    """What a gate goes by is of this plan, or of the built-in one, of which a plan may leave out what it will."""
    all_ids = {*ids, *(table["id"] for table in read_tables(CHECKLIST)["item"])}
    for criterion in gate.criteria:
        for item in (*criterion.items, *criterion.answered):
            if item not in all_ids:
                unknown = UnknownItem(item, sorted(all_ids))
                raise ChecklistProblem(f"the checklist {path}, gate {gate.id}: {unknown}")


_HANGS_ON_IT = frozenset({"answers_for", "trading", "about", "depends_on", "stands_alone"})


# Before items said what they are about, their ids did.
_ONCE_DATA = ("data.", "verify.")
# Reports of a day are named so.
_TAKEN = frozenset({"day", "daily"})


def _completed(checklist: Checklist, plan: Checklist) -> Checklist:
    taken = {item.answers_for for item in checklist if item.answers_for is not None}
    known_ids = {item.id for item in (*checklist, *checklist.switched_off)}
    own = {one.name: one for one in checklist.rounds}
    rounds = [own.pop(one.name, one) for one in plan.rounds]
    return Checklist(
        tuple(_with_defaults(item, plan, taken, known_ids) for item in checklist),
        (*rounds, *own.values()),
        checklist.switched_off,
        checklist.figures,
        gates=checklist.gates or plan.gates,
    )


def _with_defaults(item: Item, plan: Checklist, taken: Collection[Way], known_ids: Collection[str]) -> Item:
    """What others answer for in this plan, and what it has no item for, is left out."""
    if item.id not in plan:
        is_of_data = "about" not in item.model_fields_set and item.id.startswith(_ONCE_DATA)
        return item.model_copy(update={"about": About.DATA}) if is_of_data else item
    usual = plan[item.id]
    defaults = {key: getattr(usual, key) for key in _HANGS_ON_IT - item.model_fields_set}
    if defaults.get("answers_for") in taken:
        del defaults["answers_for"]
    if "depends_on" in defaults:
        defaults["depends_on"] = tuple(one for one in usual.depends_on if one in known_ids)
    return item.model_copy(update=defaults)


def _checked(path: Path, checklist: Checklist) -> Checklist:
    ids: set[str] = set()
    answering: dict[Way, str] = {}
    for chosen in checklist.rounds:
        if chosen.name in _TAKEN:
            raise ChecklistProblem(f"the checklist {path}: no round may be named {chosen.name}, as the day's report is")
    for item in (*checklist, *checklist.switched_off):
        if item.id in ids:
            raise ChecklistProblem(f"the checklist {path} has the item {item.id} twice")
        ids.add(item.id)
    for item in checklist:
        if item.answers_for is not None and answering.setdefault(item.answers_for, item.id) != item.id:
            both = f"{answering[item.answers_for]} and {item.id}"
            raise ChecklistProblem(f"the checklist {path}: both {both} answer for {item.answers_for}")
    for item in checklist:
        for name in item.rounds:
            try:
                checklist.require_round(name)
            except UnknownRound as unknown_round:
                raise ChecklistProblem(f"the checklist {path}, {item.id}.rounds: {unknown_round}") from None
        for needed in item.depends_on:
            if needed not in ids:
                unknown = UnknownItem(needed, sorted(ids))
                raise ChecklistProblem(f"the checklist {path}, {item.id}.depends_on: {unknown}")
    for gate in checklist.gates:
        _require_known_items(path, gate, ids)
    try:
        TopologicalSorter({item.id: item.depends_on for item in checklist}).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise ChecklistProblem(f"the checklist {path} has items that depend on each other: {circle}") from None
    return checklist
