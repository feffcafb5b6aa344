"""The checklist file: every item of the plan with its words, rounds and level, and what else hangs on it.

What an item answers for, whether selling depends on it and what it needs itself are keys of the item, so that the code
knows no item by its id.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hypercare.outcome.level import Level
from hypercare.plan.calendar import Calendar
from hypercare.plan.layers import BUILT_IN, LayerProblem, layered
from hypercare.plan.rounds import DAILY_ROUNDS, Round
from hypercare.plan.schedule import PlannedRound, Schedule
from hypercare.plan.ways import Way
from hypercare.shipped import CHECKLIST, CHECKLIST_FILE


class Kind(StrEnum):
    AUTO = "auto"
    ATTEST = "attest"
    FIGURE = "figure"


class Trading(StrEnum):
    """What an item has to do with selling: nothing, nothing is sold without it, or it shows that something is."""

    NO = "no"
    NEEDED = "needed"
    PROOF = "proof"


class About(StrEnum):
    """Whether an item asks if something works, or if what is stored is right."""

    SYSTEM = "system"
    DATA = "data"


class Item(BaseModel):
    """A line of the plan. `days` is the first and last day it belongs to; absent means every day.

    An item that `answers_for` a way in fails when that is down, and what goes the way is blocked. What `depends_on`
    others is blocked where one of them is down, unless it `stands_alone`: then its own failure is told all the same.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+\.[a-z0-9-]+$")
    words: str
    section: str
    rounds: tuple[str, ...]
    level: Level
    raised: str = ""
    kind: Kind = Kind.AUTO
    days: tuple[int, int] | None = None
    question: str = ""
    answers_for: Way | None = None
    trading: Trading = Trading.NO
    about: About = About.SYSTEM
    depends_on: tuple[str, ...] = ()
    stands_alone: bool = False

    @property
    def runbook(self) -> str:
        """Path of the item's page, relative to the project."""
        return f"docs/runbook/{self.id}.md"


class SwitchedOff(BaseModel):
    """An item that is left out of a plan, with the reason and the name of whoever answers for that."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    words: str
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)


class ChecklistProblem(Exception):
    """The checklist file cannot be used; the message is one line."""


class UnknownItem(ChecklistProblem):
    def __init__(self, wrong: str, known_ids: list[str]) -> None:
        near = get_close_matches(wrong, known_ids, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(f"there is no item {wrong!r} in the checklist.{hint}")


class UnknownRound(ChecklistProblem):
    def __init__(self, wrong: str, known_names: Collection[str]) -> None:
        near = get_close_matches(wrong, known_names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known_names)}."
        super().__init__(f"there is no round {wrong!r} in the checklist. {hint}")


@dataclass(frozen=True)
class Checklist:
    """`switched_off` are the items of the built-in plan that this one leaves out; `is_layered` is set where it is made
    of changes to that, so that the checks which come with the program belong to it."""

    items: tuple[Item, ...]
    rounds: tuple[PlannedRound, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    is_layered: bool = False

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __getitem__(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        raise UnknownItem(item_id, [item.id for item in self.items])

    def __contains__(self, item_id: object) -> bool:
        return any(item.id == item_id for item in self.items)

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
        """The items that a round carries on a given day, in the order of the plan."""
        number = calendar.number_of(day)
        return tuple(
            item
            for item in self.items
            if chosen in item.rounds and (item.days is None or item.days[0] <= number <= item.days[1])
        )

    def answering(self, way: str) -> Item | None:
        """The item that answers for a way in; the shipped plan's where this one has none."""
        for item in self.items:
            if item.answers_for == way:
                return item
        return None if self.items == shipped().items else shipped().answering(way)

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


class _Off(BaseModel):
    """Why an item is switched off, and who says so."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)


class _PlannedItem(Item):
    off: _Off | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    round: list[PlannedRound] = []
    item: list[_PlannedItem]


def read_checklist(path: Path) -> Checklist:
    """Read and check a checklist file: a whole plan, or with `base = "built-in"` changes to the one that comes with the
    program. Of the keys that an item of a whole plan leaves out, those that say what hangs on it are as the
    built-in plan has them for that id, so that a copy of an older plan means what it meant.

    Raises:
        ChecklistProblem: it is missing, is not TOML, has an unknown key or value, an id or a way twice, or items that
            depend on an unknown one or on each other in a circle.
    """
    raw = _raw(path)
    if raw.get("base") is not None:
        return _checked(path, _layered(path, raw))
    checklist = _modelled(path, raw)
    if path.resolve() != CHECKLIST.resolve():
        checklist = _completed(checklist, shipped())
    return _checked(path, checklist)


def checklist_of(project: Path) -> Path:
    """The checklist of a project: its own, or where it has none the one that comes with the program."""
    own = project / CHECKLIST_FILE
    return own if own.is_file() else CHECKLIST


@cache
def shipped() -> Checklist:
    """The plan that comes with the program."""
    return _checked(CHECKLIST, _modelled(CHECKLIST, _raw(CHECKLIST)))


def _raw(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ChecklistProblem(f"the checklist {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ChecklistProblem(f"the checklist {path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ChecklistProblem(f"the checklist {path} is not TOML: {error}") from None


def _modelled(path: Path, raw: Mapping[str, Any]) -> Checklist:
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ChecklistProblem(f"the checklist {path}, {place}: {first['msg']}") from None
    names = [one.name for one in file.round]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ChecklistProblem(
            f"the checklist {path} has the round {twice} twice; several times a day are one cron expression, as "
            '"0 6,14 * * *"'
        )
    off = [one for one in file.item if one.off is not None]
    return Checklist(
        tuple(one for one in file.item if one.off is None),
        tuple(file.round),
        tuple(SwitchedOff(id=one.id, words=one.words, **one.off.model_dump()) for one in off if one.off),
    )


def _layered(path: Path, own: Mapping[str, Any]) -> Checklist:
    if own["base"] != BUILT_IN:
        raise ChecklistProblem(f'the checklist {path}, base: there is only "{BUILT_IN}" to build on')
    try:
        checklist = _modelled(path, layered(own, _raw(CHECKLIST)))
    except LayerProblem as problem:
        raise ChecklistProblem(f"the checklist {path}: {problem}") from None
    changed = {one["id"]: one for one in own.get("item", [])}
    unknown = next((one for one in checklist.switched_off if one.id not in shipped()), None)
    if unknown is not None:
        raise ChecklistProblem(f"the checklist {path}: {UnknownItem(unknown.id, [one.id for one in shipped()])}")
    off = {one.id for one in checklist.switched_off}
    taken = {one["answers_for"] for one in changed.values() if "answers_for" in one}
    items = tuple(
        item
        if item.id in changed
        else item.model_copy(
            update={
                "depends_on": tuple(one for one in item.depends_on if one not in off),
                "answers_for": None if item.answers_for in taken else item.answers_for,
            }
        )
        for item in checklist
    )
    return replace(checklist, items=items, is_layered=True)


_HANGS_ON_IT = frozenset({"answers_for", "trading", "about", "depends_on", "stands_alone"})


# Before items said what they are about, their ids did.
_ONCE_DATA = ("data.", "verify.")
# Reports of a day are named so.
_TAKEN = frozenset({"day", "daily"})


def _completed(checklist: Checklist, plan: Checklist) -> Checklist:
    taken = {item.answers_for for item in checklist if item.answers_for is not None}
    known_ids = {item.id for item in checklist}
    own = {one.name: one for one in checklist.rounds}
    rounds = [own.pop(one.name, one) for one in plan.rounds]
    return Checklist(
        tuple(_with_defaults(item, plan, taken, known_ids) for item in checklist),
        (*rounds, *own.values()),
        checklist.switched_off,
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
    for item in checklist:
        if item.id in ids:
            raise ChecklistProblem(f"the checklist {path} has the item {item.id} twice")
        ids.add(item.id)
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
    try:
        TopologicalSorter({item.id: item.depends_on for item in checklist}).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise ChecklistProblem(f"the checklist {path} has items that depend on each other: {circle}") from None
    return checklist
