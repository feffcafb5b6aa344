"""Several expectations in one check, none of which hides the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType

from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import CheckFailed, NotCovered


class Expectation:
    """One expectation: what it finds, or why it could not be looked at, is kept for the end."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.not_covered: list[NotCovered] = []

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> bool:
        if isinstance(raised, CheckFailed):
            self.findings.append(raised.finding)
        elif isinstance(raised, NotCovered):
            self.not_covered.append(raised)
        else:
            return False
        return True


@contextmanager
def collect_failures() -> Iterator[Expectation]:
    """Tell of every part that fails, and not of the first alone; the gravest comes first.

        with collect_failures() as part:
            with part:
                expect_none(...)
            with part:
                expect_none(...)

    Where nothing was found, the first part that could not be looked at decides.
    """
    part = Expectation()
    yield part
    if part.findings:
        first, *more = part.findings
        raise CheckFailed(replace(first, besides=tuple(more)))
    if part.not_covered:
        raise part.not_covered[0]
