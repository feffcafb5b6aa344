"""Of which days records are asked: those of a period, or of the watch those that no earlier round found in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, Self, TypeVar

from hypercare.operations_model.model import Model
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window
from hypercare.seals.window import Day

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class OfDays(Protocol):
    """Records of some days."""

    def on_days_of(self, question: str, parts: tuple[str, ...]) -> Self: ...


Some = TypeVar("Some", bound=OfDays)
Question = Callable[Concatenate[Some, Given], Answer]


def sealed(question: str, *parts: str) -> Callable[[Question[Some, Given, Answer]], Question[Some, Given, Answer]]:
    """Have a question asked only of days that it has not found in order; it reads the `parts` of the records too."""

    def of_question(ask: Question[Some, Given, Answer]) -> Question[Some, Given, Answer]:
        @wraps(ask)
        def asked(records: Some, /, *args: Given.args, **named: Given.kwargs) -> Answer:
            return ask(records.on_days_of(question, parts), *args, **named)

        return asked

    return of_question


@dataclass(frozen=True)
class AskedDays:
    """`records` says what is asked about ("final sales"), `field` by which instant of them days are told apart."""

    model: Model
    seals: Seals
    records: str
    entity: str
    field: str
    period: Period | None = None

    @property
    def whole(self) -> Window:
        """All of the period, or of what is watched daily."""
        if self.period is not None:
            return window_of(self.period)
        records = self.model.records(self.entity)
        return window_of(self.model.watched(records.instant(self.field), records))

    def of(
        self,
        question: str,
        parts: tuple[str, ...] = (),
        beside: tuple[str, ...] = (),
        owners: tuple[str, ...] = (),
        since: datetime | None = None,
    ) -> Window:
        """What a question has to ask that reads the records, what belongs to them, what they belong to and the like."""
        if self.period is not None:
            return window_of(self.period)
        watch = Watch(self.entity, self.field, parts, beside, owners)
        return self.seals.window(f"{self.records}: {question}", watch, since)


def window_of(period: Period) -> Window:
    """A period as one window, of which nothing is sealed."""
    return Window(period, (Day(period.start.date(), period),))
