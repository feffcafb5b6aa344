"""What people ask of the system, and what it refuses them: by person and by operation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypercare.logs.requests import Request
from hypercare.outcome.reach import PEOPLE_COLUMN
from hypercare.outcome.signals import NotCovered

# By these a system says that what was asked cannot be done so. What is not there, or not allowed before a log-in, is
# asked for by programs as well.
_REFUSED = frozenset({400, 403, 409, 412, 422})
# Beyond so many kinds a log does not replace what identifies a record in its addresses.
_MOST_KINDS = 20_000
_LEAST_REFUSED_IN_ALL = 10
_SHARE = 0.25
_LEAST_PEOPLE = 2


@dataclass(frozen=True)
class Operation:
    """A kind of request."""

    method: str
    route: str

    def __str__(self) -> str:
        return f"{self.method} {self.route}".strip()


@dataclass(frozen=True)
class Need:
    """An operation that is refused so often that people have to be shown how it goes; `people` is by user name."""

    operation: Operation
    asked: int
    people: Mapping[str, int]

    @property
    def refused(self) -> int:
        return sum(self.people.values())

    def row(self) -> dict[str, object]:
        """As a row of a sample; of the people those with the most refusals."""
        most = sorted(self.people, key=lambda one: -self.people[one])[:3]
        return {
            "what": str(self.operation),
            "refused": self.refused,
            "of": self.asked,
            "people": len(self.people),
            PEOPLE_COLUMN: ", ".join(most),
        }


@dataclass
class RequestUse:
    """The requests of a period, counted by operation; the refused ones also by person.

    `answered` counts those of which the log says how they were answered.
    """

    asked: Counter[Operation] = field(default_factory=Counter)
    by_person: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    _refused: dict[Operation, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, request: Request) -> None:
        """Take in one; of more kinds than can be told apart only those that are known already."""
        operation = Operation(request.method, request.route)
        if operation not in self.asked and len(self.asked) >= _MOST_KINDS:
            return
        self.asked[operation] += 1
        if not request.user:
            return
        self.by_person[request.user] += 1
        self.answered += request.status > 0
        if request.status in _REFUSED:
            self._refused[operation][request.user] += 1

    def refused_by_person(self) -> Mapping[str, int]:
        """By user name, how often something was refused.

        Raises NotCovered where the log does not say who asked, or what came of it.
        """
        self._require_people()
        counted: Counter[str] = Counter()
        for people in self._refused.values():
            counted.update(people)
        return counted

    def needs(self) -> Sequence[Need]:
        """The operations that several people are refused again and again, the most refused first.

        Raises NotCovered where the log does not say who asked, or what came of it.
        """
        self._require_people()
        needs = [Need(operation, self.asked[operation], dict(people)) for operation, people in self._refused.items()]
        chosen = [
            one
            for one in needs
            if len(one.people) >= _LEAST_PEOPLE and one.refused >= max(_LEAST_REFUSED_IN_ALL, _SHARE * one.asked)
        ]
        return sorted(chosen, key=lambda one: -one.refused)

    def _require_people(self) -> None:
        if not self.by_person:
            raise NotCovered(
                "No request of today says in its log who asked, so refusals cannot be told by person.",
                remedy='Have the user written; if its field has another name, say so in [logs] fields: user = "...".',
            )
        if not self.answered:
            raise NotCovered(
                "No request of today says in its log how it was answered, so nobody knows what was refused.",
                remedy="Have the status of the answer written, and say in [[logs]] fields or pattern where it stands.",
            )
