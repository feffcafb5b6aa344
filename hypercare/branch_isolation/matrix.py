"""The matrix of branch isolation: role by entity by verb by way in, and how each of its doors held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hypercare.outcome.doors import DoorTried, Passage, tell_doors
from hypercare.outcome.finding import MOST_ROWS
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Account

_MOST_REASONS = 2


class Verb(StrEnum):
    LIST = "list"
    READ = "read"
    SEARCH = "search"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    REPORT = "report"

    @property
    def writes(self) -> bool:
        return self in {Verb.CREATE, Verb.CHANGE, Verb.DELETE}


_DOES = {
    Verb.LIST: "lists",
    Verb.READ: "reads",
    Verb.SEARCH: "finds",
    Verb.CREATE: "creates",
    Verb.CHANGE: "changes",
    Verb.DELETE: "deletes",
    Verb.EXPORT: "takes out",
    Verb.REPORT: "is told of",
}


@dataclass(frozen=True)
class Cell:
    """People of `role` and another branch's records of `entity`."""

    role: str
    entity: str
    verb: Verb


@dataclass
class _Held:
    """How the doors of one cell held so far; `by` are the operations that were tried."""

    tries: int = 0
    let_through: int = 0
    by: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)

    @property
    def passage(self) -> Passage:
        if self.let_through:
            return Passage.OPEN
        return Passage.CLOSED if self.tries else Passage.NOT_TRIED


class Matrix:
    """What was tried by one `way` in, as people call it: "API", "web app", "phone", "database"."""

    def __init__(self, way: str) -> None:
        self.way = way
        self._cells: dict[Cell, _Held] = {}
        self._sample: list[Mapping[str, object]] = []
        self._branches: set[str] = set()

    def held(self, cell: Cell, by: str) -> None:
        """One try by the operation `by`, which was refused or shown nothing."""
        held = self._of(cell)
        held.tries += 1
        held.by[by] = None

    def opened(self, cell: Cell, by: str, who: Account, owner: str, record: str) -> None:
        """One try that went through: `who` got at `record`, which belongs to the branch `owner`."""
        self.held(cell, by)
        self._of(cell).let_through += 1
        self._branches |= {str(who.branch), owner}
        if len(self._sample) < MOST_ROWS:
            self._sample.append(
                {
                    "account": who.username,
                    "role": cell.role,
                    "branch": who.branch,
                    "verb": cell.verb.value,
                    "entity": cell.entity,
                    "door": by,
                    "record": record,
                    "belongs to": owner,
                }
            )

    def not_tried(self, cell: Cell, reason: str) -> None:
        self._of(cell).reasons[reason] = None

    def doors(self) -> Iterator[DoorTried]:
        for cell, held in self._cells.items():
            yield DoorTried(
                role=cell.role,
                entity=cell.entity,
                verb=cell.verb.value,
                way=self.way,
                passage=held.passage,
                tries=held.tries,
                let_through=held.let_through,
                by=tuple(held.by),
                reason="; ".join(list(held.reasons)[:_MOST_REASONS]),
            )

    def tell(self) -> None:
        """Tell the report of every door, however the look ended."""
        tell_doors(self.doors())

    @property
    def found(self) -> Found:
        """The doors that opened, of all that were tried.

        Raises:
            NotCovered: not one could be tried.
        """
        doors = list(self.doors())
        tried = [one for one in doors if one.passage is not Passage.NOT_TRIED]
        took_in(f"the {self.way}", "doors between branches", len(doors), len(tried))
        if not tried:
            raise NotCovered(
                f"No door between branches could be tried by the {self.way}: {self._reasons() or 'there is none'}.",
                remedy="See the matrix of branch isolation in the report, which says of each door why.",
            )
        opened = [one for one in tried if one.passage is Passage.OPEN]
        return Found(
            count=len(opened),
            of=len(tried),
            sample=self._sample,
            where=f"{self.way}: {', '.join(dict.fromkeys(by for one in opened for by in one.by))}",
            branches=tuple(sorted(self._branches)),
        )

    @property
    def named(self) -> str:
        """The first door that opened, in words; empty where all held."""
        if not self._sample:
            return ""
        row = self._sample[0]
        who = row["branch"] if row["account"] == row["role"] else f"{row['role']} of {row['branch']}"
        return f"{row['account']} ({who}) {_DOES[self._first]} {row['entity']} of {row['belongs to']} by {row['door']}"

    @property
    def _first(self) -> Verb:
        return Verb(str(self._sample[0]["verb"]))

    def _of(self, cell: Cell) -> _Held:
        return self._cells.setdefault(cell, _Held())

    def _reasons(self) -> str:
        reasons = dict.fromkeys(reason for held in self._cells.values() for reason in held.reasons)
        return "; ".join(list(reasons)[:3])
