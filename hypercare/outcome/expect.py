"""The verbs that end a check's sentence: they pass in silence or raise a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from hypercare.outcome.currency import money_in_words
from hypercare.outcome.doubt import Doubt
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import AwaitingPerson, CheckFailed, Doubted


class Violations(Protocol):
    """Records that should not be there. `of` is how many were looked at; `sample` at most five of them as rows.

    Where it knows more branches than the sample shows, it has `branches` besides.
    """

    @property
    def count(self) -> int: ...
    @property
    def of(self) -> int | None: ...
    @property
    def money(self) -> Decimal | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def sample(self) -> Sequence[Mapping[str, object]]: ...
    @property
    def source(self) -> str:
        """Where to look: tables, files or addresses, in words."""
        ...


@dataclass(frozen=True)
class Told:
    """The numbers of violations as a sentence says them; a number that nobody knows is left out of it."""

    count: str
    of: str
    money: str

    @classmethod
    def of_all(cls, violations: Violations) -> Told:
        money = "" if violations.money is None else money_in_words(violations.money, violations.currency)
        return cls(f"{violations.count:,}", "" if violations.of is None else f"{violations.of:,}", money)


# Whatever names no number is said as it stands.
Sentence = str | Callable[[Told], str]


def expect_none(
    violations: Violations,
    sentence: Sentence,
    *,
    next_step: str = "",
    level: Level | None = None,
    where: str = "",
    cause: str = "",
) -> None:
    """Fail when there is any violation, and say so: `lambda found: f"{found.count} of {found.of} sales ..."`.

    Violations that know it say besides why they are `minor`, and whether there is a `doubt` about their rule: then the
    check is not covered, unless whoever runs it knows that the rule holds here.
    """
    if not violations.count:
        return
    minor = str(getattr(violations, "minor", ""))
    finding = Finding(
        sentence=f"{worded(sentence, violations)} {minor}".strip(),
        count=violations.count,
        of=violations.of,
        money=violations.money,
        currency=violations.currency,
        level=level,
        at_most=Level.L2 if minor else None,
        sample=violations.sample,
        where=where or violations.source,
        next_step=next_step,
        cause=cause,
        branches=tuple(getattr(violations, "branches", ())),
        concerns=tuple(getattr(violations, "concerns", ())),
        rank=int(getattr(violations, "rank", 0)),
    )
    doubt: Doubt | None = getattr(violations, "doubt", None)
    if doubt is not None:
        raise Doubted(finding, doubt.reason, remedy=doubt.remedy)
    raise CheckFailed(finding)


def ask_about(violations: Violations, question: Sentence) -> None:
    """Ask a person about what was never so before, and may be meant. `question` is worded as a sentence of expect_none.

    Raises:
        AwaitingPerson: there is any; with what the records of the sample say.
    """
    if violations.count:
        shown = (", ".join(f"{name}: {value}" for name, value in row.items()) for row in violations.sample)
        raise AwaitingPerson(f"{worded(question, violations)} ({'; '.join(shown)})")


def worded(sentence: Sentence, violations: Violations) -> str:
    return sentence if isinstance(sentence, str) else sentence(Told.of_all(violations))


def expect(
    holds: bool,
    sentence: str,
    *,
    count: int | None = None,
    of: int | None = None,
    money: Decimal | None = None,
    currency: str = "",
    sample: Sequence[Mapping[str, object]] = (),
    where: str = "",
    next_step: str = "",
    level: Level | None = None,
    cause: str = "",
    detail: str = "",
) -> None:
    """Fail with the finding unless `holds`."""
    if holds:
        return
    raise CheckFailed(
        Finding(
            sentence=sentence,
            count=count,
            of=of,
            money=money,
            currency=currency,
            sample=sample,
            where=where,
            next_step=next_step,
            level=level,
            cause=cause,
            detail=detail,
        )
    )
