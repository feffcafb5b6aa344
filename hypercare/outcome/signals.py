"""What a check, or a resource that it uses, raises when it cannot simply pass.

The pytest plugin turns each into its outcome; nothing else may end a check, so any other exception is a fault
of the monitor itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypercare.outcome.finding import Finding


class Signal(Exception):
    """An outcome other than passed."""


class CheckFailed(Signal):
    """The target does not hold what the item asks."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


class ChannelDown(Signal):
    """A way into the target does not work: "web", "mobile", "api", "database", "logs", "backups" or "issues".

    The check that answers for this way fails with the finding; every other check is blocked by it.
    `address` (host:port or path) lets several ways that stand on one server be recognised as one incident.
    """

    def __init__(self, way: str, finding: Finding, *, address: str = "") -> None:
        super().__init__(finding.sentence)
        self.way = way
        self.finding = finding
        self.address = address


class NotCovered(Signal):
    """The target has no such thing mapped, or nobody gave access. `remedy` says what would cover it."""

    def __init__(self, reason: str, *, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Doubted(NotCovered):
    """The rule may be none on this system, since much of its history breaks it. `finding` is what it would say.

    `told_by_records` is one that earlier rounds, in which the rule held, do not take away.
    """

    def __init__(self, finding: Finding, reason: str, *, remedy: str = "", told_by_records: bool = False) -> None:
        super().__init__(reason, remedy=remedy)
        self.finding = finding
        self.told_by_records = told_by_records


class MonitorFault(Signal):
    """Our own network, disk, browser or configuration is at fault, not the target."""

    def __init__(self, reason: str, *, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class DryRunStop(Signal):
    """A check got as far as it can without writing into the target, where it was asked only to look (`doctor`).

    It covers its item: a round would go on from here.
    """


class AwaitingPerson(Signal):
    """Only a person can say, and nobody has yet. `rows` are records that the question is about, of so many in all."""

    def __init__(self, question: str, rows: Sequence[Mapping[str, object]] = (), of: int | None = None) -> None:
        self.question = question_about(question, rows)
        self.bare_question = question
        self.rows, self.of = rows, of
        super().__init__(self.question)


def question_about(question: str, rows: Sequence[Mapping[str, object]]) -> str:
    """A question with the records that it is about, in a line."""
    shown = "; ".join(", ".join(f"{name}: {value}" for name, value in row.items()) for row in rows)
    return f"{question} ({shown})" if shown else question
