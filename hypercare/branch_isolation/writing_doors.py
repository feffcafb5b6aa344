"""Write doors of the API, tried by people of other branches on synthetic records of the canary and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypercare.branch_isolation.answers import leaves
from hypercare.branch_isolation.bodies import CannotTell, body_for
from hypercare.branch_isolation.canaries import Canary
from hypercare.branch_isolation.described_operations import DescribedOperation, keys_filled
from hypercare.branch_isolation.insiders import Insider, Insiders
from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.http.exchange import Exchange

_SAID_NO = {301, 302, 303, 307, 401, 403, 404, 410}
# The canary is changed before it is deleted.
_ORDER = (Verb.CREATE, Verb.CHANGE, Verb.DELETE)


@dataclass(frozen=True)
class Reading:
    """The canary as its owner reads it: gone, or what it steadily says."""

    is_there: bool
    says: Mapping[str, Any]


class WritingDoors:
    """`owner` is somebody of the canary branch, who is asked what came of each try; `has_time` is whether there is any
    left for another, since the canary has to be undone in time."""

    def __init__(
        self,
        canary: Canary,
        owner: Insider,
        insiders: Insiders,
        matrix: Matrix,
        has_time: Callable[[], bool] = lambda: True,
    ) -> None:
        self._has_time = has_time
        self._canary = canary
        self._owner = owner
        self._insiders = insiders
        self._matrix = matrix
        self._unsteady: set[str] | None = None
        self._is_gone = False

    def try_all(self, doors: Sequence[tuple[str, DescribedOperation]], asker_of: Mapping[str, Insider | None]) -> None:
        """Each role's doors that lead to the canary, by somebody of another branch. Raises ChannelDown."""
        for role, operation in sorted(doors, key=lambda pair: _ORDER.index(pair[1].verb)):
            keys = self._canary.keys_for(operation)
            if keys is None:
                continue
            cell, asker = Cell(role, operation.entity, operation.verb), asker_of.get(role)
            if asker is None:
                self._matrix.not_tried(cell, f"no {role} of another branch than the canary's is let in")
            elif not self._has_time():
                self._matrix.not_tried(cell, "no time was left, since each answer took so long")
            elif self._is_gone:
                self._matrix.not_tried(cell, "the canary is gone since the try before")
            else:
                self._try(cell, operation, asker, keys_filled(operation.path, keys))

    def _try(self, cell: Cell, operation: DescribedOperation, asker: Insider, path: str) -> None:
        try:
            body = body_for(operation, self._canary.record, self._canary.mark)
        except CannotTell as why:
            self._matrix.not_tried(cell, f"{operation.words}: {why}")
            return
        before = self._read()
        exchange = self._insiders.ask(asker, operation.method, path, body=body, name=operation.words)
        if exchange.status in _SAID_NO:
            self._matrix.held(cell, operation.words)
            return
        after = self._read()
        self._is_gone = not after.is_there
        if after != before or self._tells_of_the_canary(exchange):
            canary_branch = str(self._owner.who.branch)
            self._matrix.opened(cell, operation.words, asker.who, canary_branch, f"canary {self._canary.key}")
        else:
            self._matrix.not_tried(
                cell, f"{operation.words}: answered {exchange.status}, which does not tell whether they were let in"
            )

    def _tells_of_the_canary(self, exchange: Exchange) -> bool:
        return exchange.status < 300 and self._canary.mark in set(leaves(exchange.json))

    def _read(self) -> Reading:
        """What changes by itself from one look to the next is left out."""
        first = self._looked_at()
        if self._unsteady is None:
            again = self._looked_at()
            self._unsteady = {name for name in first.says if first.says[name] != again.says.get(name)}
        steady = {name: value for name, value in first.says.items() if name not in self._unsteady}
        return Reading(first.is_there, steady)

    def _looked_at(self) -> Reading:
        exchange = self._insiders.ask(self._owner, "GET", self._canary.path, name=self._canary.reading.words)
        is_there = exchange.status == 200 and isinstance(exchange.json, Mapping)
        return Reading(is_there, exchange.json if is_there else {})
