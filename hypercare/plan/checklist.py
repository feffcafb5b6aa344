"""The checklist file: every item of the plan with its words, rounds, level and kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hypercare.outcome.level import Level
from hypercare.plan.calendar import Calendar
from hypercare.plan.rounds import Round


class Kind(StrEnum):
    AUTO = "auto"
    ATTEST = "attest"
    FIGURE = "figure"


class Item(BaseModel):
    """A line of the plan. `days` is the first and last day it belongs to; absent means every day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+\.[a-z0-9-]+$")
    words: str
    section: str
    rounds: tuple[Round, ...]
    level: Level
    raised: str = ""
    kind: Kind = Kind.AUTO
    days: tuple[int, int] | None = None
    question: str = ""

    @property
    def runbook(self) -> str:
        """Path of the item's page, relative to the project."""
        return f"docs/runbook/{self.id}.md"


class ChecklistProblem(Exception):
    """The checklist file cannot be used; the message is one line."""


class UnknownItem(ChecklistProblem):
    def __init__(self, wrong: str, known: list[str]) -> None:
        near = get_close_matches(wrong, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(f"there is no item {wrong!r} in the checklist.{hint}")


@dataclass(frozen=True)
class Checklist:
    items: tuple[Item, ...]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __getitem__(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        raise UnknownItem(item_id, [item.id for item in self.items])

    def __contains__(self, item_id: object) -> bool:
        return any(item.id == item_id for item in self.items)

    def of_round(self, chosen: Round, day: date, calendar: Calendar) -> tuple[Item, ...]:
        """The items that a round carries on a given day, in the order of the plan."""
        number = calendar.number_of(day)
        return tuple(
            item
            for item in self.items
            if chosen in item.rounds and (item.days is None or item.days[0] <= number <= item.days[1])
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item: list[Item]


def read_checklist(path: Path) -> Checklist:
    """Read and check a checklist file.

    Raises:
        ChecklistProblem: it is missing, is not TOML, has an unknown key or value, or an id twice.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        items = _File.model_validate(raw).item
    except OSError as error:
        raise ChecklistProblem(f"the checklist {path} cannot be read: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise ChecklistProblem(f"the checklist {path} is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ChecklistProblem(f"the checklist {path}, {place}: {first['msg']}") from None
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ChecklistProblem(f"the checklist {path} has the item {item.id} twice")
        seen.add(item.id)
    return Checklist(tuple(items))
