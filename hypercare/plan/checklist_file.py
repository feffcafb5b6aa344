"""The checklist file as it stands on the disk: read, and held to the form that docs/checklist.md describes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from hypercare.plan.gate import Gate
from hypercare.plan.item import Item, PlannedFigure, SwitchedOff
from hypercare.plan.problem import ChecklistProblem
from hypercare.plan.schedule import PlannedRound

_HOW_TO_SWITCH_OFF = 'write off = { reason = "...", by = "..." }'
_NAMED_BY = {"item": "id", "round": "name", "figure": "name", "gate": "id"}

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _said_with_both(value: object) -> object:
    table = value if isinstance(value, Mapping) else {}
    needed = {"reason": "a reason", "by": "the name of who says so"}
    missing = " and ".join(words for key, words in needed.items() if not str(table.get(key) or "").strip())
    if missing:
        raise ValueError(f"it is switched off without {missing}; {_HOW_TO_SWITCH_OFF}")
    return value


class Off(BaseModel):
    """Why an item is switched off, and who says so."""

    model_config = ConfigDict(extra="forbid")
    reason: Words
    by: Words


class FiledItem(Item):
    """An item as the file has it, be it switched off."""

    off: Annotated[Off | None, BeforeValidator(_said_with_both)] = None


class PlanFile(BaseModel):
    """A whole plan, whose keys are those of the file."""

    model_config = ConfigDict(extra="forbid")
    round: list[PlannedRound] = Field(default_factory=list)
    item: list[FiledItem]
    figure: list[PlannedFigure] = Field(default_factory=list)
    gate: list[Gate] = Field(default_factory=list)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(one for one in self.item if one.off is None)

    @property
    def switched_off(self) -> tuple[SwitchedOff, ...]:
        return tuple(
            SwitchedOff(id=one.id, words=one.words, reason=one.off.reason, by=one.off.by)
            for one in self.item
            if one.off is not None
        )


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a checklist as TOML gives them.

    Raises:
        ChecklistProblem: it is missing, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ChecklistProblem(f"the checklist {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ChecklistProblem(f"the checklist {path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ChecklistProblem(f"the checklist {path} is not TOML: {error}") from None


def checked_file(path: Path, tables: Mapping[str, Any], *, by_name: bool = False) -> PlanFile:
    """The plan in these tables. `by_name` names an item by its id where something is wrong with it, since its number is
    not that of the file.

    Raises:
        ChecklistProblem: a key or value is unknown or missing, or a round or figure stands twice.
    """
    try:
        file = PlanFile.model_validate(tables)
    except ValidationError as error:
        first = error.errors()[0]
        where = _named(first["loc"], tables) if by_name else first["loc"]
        place = ".".join(str(part) for part in where)
        message = first["msg"].removeprefix("Value error, ")
        raise ChecklistProblem(f"the checklist {path}, {place}: {message}") from None
    twice = _twice(one.name for one in file.round)
    if twice is not None:
        raise ChecklistProblem(
            f"the checklist {path} has the round {twice} twice; several times a day are one cron expression, as "
            '"0 6,14 * * *"'
        )
    twice = _twice(one.name for one in file.figure)
    if twice is not None:
        raise ChecklistProblem(f"the checklist {path} has the figure {twice} twice")
    twice = _twice(one.id for one in file.gate)
    if twice is not None:
        raise ChecklistProblem(f"the checklist {path} has the gate {twice} twice")
    return file


def _named(where: Sequence[int | str], tables: Mapping[str, Any]) -> tuple[int | str, ...]:
    match where:
        case (str(kind), int(number), *rest) if kind in _NAMED_BY:
            return (tables[kind][number].get(_NAMED_BY[kind], number), *rest)
    return tuple(where)


def _twice(names: Iterable[str]) -> str | None:
    found = list(names)
    return next((name for name in found if found.count(name) > 1), None)
