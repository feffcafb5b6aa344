"""What is proposed, with how sure we are of each line and why."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from hypercare.target_file.mapping import MoneyForm, TimeForm


@dataclass(frozen=True)
class Tie:
    """A table that ties records to several branches: its columns of the `record`'s and the `branch`'s id.

    `sure` is 0 to 1, `why` a few words.
    """

    table: str
    record: str
    branch: str
    sure: float
    why: str


@dataclass
class FieldProposal:
    """One field: a `column`, or `sql`. `sure` is 0 to 1, `why` a few words."""

    field: str
    column: str | None
    sure: float
    why: str
    sql: str | None = None
    time: TimeForm | None = None
    money: MoneyForm | None = None
    values: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    unknown: tuple[Any, ...] = ()
    # "parent column.name" for what is fetched from another table, for people and for the measurement.
    through: str = ""
    # Why it is proposed only as a comment; empty when it is proposed.
    held_back: str = ""


@dataclass
class EntityProposal:
    """One entity: its `table`, or `select` where fields come from other tables too."""

    entity: str
    table: str
    sure: float
    why: str
    fields: dict[str, FieldProposal] = dataclasses.field(default_factory=dict)
    select: str | None = None
    where: str | None = None
    where_why: str = ""
    # What `where` asks of the table, so that a select passes it on.
    where_columns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    tie: Tie | None = None


@dataclass(frozen=True)
class AgreedProposal:
    child: str
    parent: str
    why: str


@dataclass
class Proposal:
    """The whole mapping. `doubtful` are entities that are only proposed as comments."""

    entities: dict[str, EntityProposal] = dataclasses.field(default_factory=dict)
    doubtful: dict[str, EntityProposal] = dataclasses.field(default_factory=dict)
    agreed: list[AgreedProposal] = dataclasses.field(default_factory=list)
    shared_by_design: list[str] = dataclasses.field(default_factory=list)
    tables: int = 0
    questions: int = 0
