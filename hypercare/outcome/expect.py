"""The verbs that end a check's sentence: they pass in silence or raise a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed


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


def expect_none(
    violations: Violations,
    sentence: str,
    *,
    next_step: str = "",
    level: Level | None = None,
    where: str = "",
    cause: str = "",
) -> None:
    """Fail when there is any violation. `sentence` may use {count}, {of}, {money}: "{count} of {of} sales ..."."""
    if not violations.count:
        return
    raise CheckFailed(
        Finding(
            sentence=worded(sentence, violations),
            count=violations.count,
            of=violations.of,
            money=violations.money,
            currency=violations.currency,
            level=level,
            sample=violations.sample,
            where=where or violations.source,
            next_step=next_step,
            cause=cause,
            branches=tuple(getattr(violations, "branches", ())),
        )
    )


def worded(sentence: str, violations: Violations) -> str:
    money = "" if violations.money is None else f"{violations.money:,.2f} {violations.currency}".strip()
    of = "" if violations.of is None else f"{violations.of:,}"
    # Not str.format: a sentence may quote the target, and the target may write braces.
    for word, value in (("{count}", f"{violations.count:,}"), ("{of}", of), ("{money}", money)):
        sentence = sentence.replace(word, value)
    return sentence


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
