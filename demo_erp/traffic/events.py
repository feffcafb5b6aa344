"""What happens on a day: things people (or the system) do, each at its instant, and what they do it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from demo_erp.traffic.branches import BranchProfile
from demo_erp.traffic.catalogue import Article
from demo_erp.traffic.customers import Buyer
from demo_erp.traffic.people import Person


@dataclass(slots=True)
class Event:
    """One thing done. `kind` names it ("sale.finalise"); `actor` is None when the system does it by itself."""

    at: datetime
    kind: str
    actor: Person | None
    channel: str
    subject: Any
    part: Any = None
    trace_id: str = ""


@dataclass(slots=True)
class PlannedLine:
    article: Article
    quantity: int
    discount: int  # per cent
    position: int

    @property
    def cents(self) -> int:
        """Quantity x price less discount, rounded half up."""
        return (self.quantity * self.article.cents * (100 - self.discount) + 50) // 100


@dataclass(slots=True)
class PlannedSale:
    """A sale as it is going to be. Its reference is how it is found again in the database."""

    reference: str
    branch: BranchProfile
    buyer: Buyer
    kind: str
    first_line: PlannedLine
    lines: list[PlannedLine] = field(default_factory=list)  # what it has in the end
    payments: list[tuple[str, int]] = field(default_factory=list)  # method, cents
    finalised_at: datetime | None = None
    void_reason: str = ""

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def garment(self) -> str:
        return next(line.article.name for line in self.lines if line.article.kind == "studio")


@dataclass(slots=True)
class StepChange:
    """A step of the order that a sale opened; `worker` is whom it is given to when it is assigned."""

    sale: PlannedSale
    sequence: int
    worker: Person
    last: bool = False  # finishing it completes the order


@dataclass(slots=True)
class PlannedCost:
    sale: PlannedSale
    sequence: int
    kind: str
    description: str
    cents: int


@dataclass(slots=True)
class PlannedJob:
    """Work in the background; `key` tells it from all others that are queued at the same instant."""

    kind: str
    queued_at: datetime
    subject: Any  # a PlannedSale, a Buyer or a BranchProfile


@dataclass(slots=True)
class PlannedVisit:
    """A person signed in for a shift; `mark` stands for the token's hash: nobody knows a token that fits it."""

    person: Person
    mark: str
    began: datetime


@dataclass(slots=True)
class PlannedIssue:
    reporter: Person
    title: str
    text: str
    category: str
    severity: str
    resolution: str
    reported_at: datetime


@dataclass(slots=True)
class PlannedSheet:
    """A branch's cash book of a day."""

    branch: BranchProfile
    day: date
    planned: frozenset[str]  # references of all planned sales of the branch that day
    standing: dict[str, int]  # those that are final in the end, with their cents

    @property
    def cents(self) -> int:
        return sum(self.standing.values())
