"""The verbs that end a check's sentence: they pass in silence or raise a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypercare.outcome.currency import money_in_words
from hypercare.outcome.finding import Extent, Finding
from hypercare.outcome.found import Found, Violations
from hypercare.outcome.level import Level
from hypercare.outcome.signals import AwaitingPerson, CheckFailed, Doubted


@dataclass(frozen=True)
class NumbersInWords:
    """The numbers of violations as a sentence says them; a number that nobody knows is left out of it."""

    count: str
    of: str
    money: str

    @classmethod
    def of_all(cls, found: Found) -> NumbersInWords:
        money = "" if found.money is None else money_in_words(found.money, found.currency)
        return cls(f"{found.count:,}", "" if found.of is None else f"{found.of:,}", money)


# Whatever names no number is said as it stands.
Sentence = str | Callable[[NumbersInWords], str]


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
    found = violations.found
    if not found.count:
        return
    finding = Finding(
        **{**Extent.values_of(found), "where": where or found.where},
        sentence=f"{worded(sentence, found)} {found.minor}".strip(),
        level=level,
        at_most=Level.L2 if found.minor else None,
        next_step=next_step,
        cause=cause,
    )
    if found.doubt is not None:
        doubt = found.doubt
        raise Doubted(finding, doubt.reason, remedy=doubt.remedy, told_by_records=doubt.told_by_records)
    raise CheckFailed(finding)


def ask_about(violations: Violations, question: Sentence) -> None:
    """Ask a person about what was never so before, and may be meant. `question` is worded as a sentence of expect_none.

    Raises:
        AwaitingPerson: there is any; with what the records of the sample say.
    """
    found = violations.found
    if found.count:
        raise AwaitingPerson(worded(question, found), found.sample, found.of)


def worded(sentence: Sentence, found: Found) -> str:
    return sentence if isinstance(sentence, str) else sentence(NumbersInWords.of_all(found))


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
