"""How far the order of arrival of a fetched log had come at each reading, remembered for a fortnight."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.log_sources.protocol import Remembering
from hypercare.target_file.sections.logs import LogSource

_LOG = logging.getLogger(__name__)
_REMEMBERED_FOR = timedelta(days=15)
_MOST = 400


@dataclass
class RememberedArrivals:
    """The marks of one log; without `memory` those of this session only."""

    section: LogSource
    memory: Remembering | None
    _marks: list[tuple[datetime, int]] = field(default_factory=list)
    _recalled: bool = False

    def before(self, instant: datetime) -> int | None:
        """A place in the order of arrival behind which all lies that arrived since an instant; None where none is
        known."""
        self._recall()
        return max((order for at, order in self._marks if at <= instant), default=None)

    def note(self, at: datetime, order: int) -> None:
        """Everything up to a place had arrived at an instant."""
        self._recall()
        if order in {number for when, number in self._marks if when <= at}:
            return  # nothing came since
        young = [one for one in self._marks if one[0] > at - _REMEMBERED_FOR]
        self._marks = [*young, (at, order)][-_MOST:]
        if self.memory is None:
            return
        value = {"of": self._of, "marks": [[when.isoformat(), number] for when, number in self._marks]}
        try:
            self.memory.keep(self._name, value, at)
        except (HistoryProblem, SQLAlchemyError) as error:
            self.memory = None
            _LOG.debug("log %s: its arrivals cannot be remembered: %s", self.section.name, error)

    @property
    def _name(self) -> str:
        return f"arrivals: {self.section.name}"

    @property
    def _of(self) -> str:
        return hashlib.sha256(f"{self.section.entity} {self.section.by}".encode()).hexdigest()[:16]

    def _recall(self) -> None:
        if self._recalled or self.memory is None:
            return
        self._recalled = True
        try:
            value = self.memory.recall(self._name)
            if value is not None and value["of"] == self._of:
                self._marks = [(datetime.fromisoformat(when), int(number)) for when, number in value["marks"]]
        except (HistoryProblem, SQLAlchemyError, KeyError, TypeError, ValueError) as error:
            _LOG.debug("log %s: no arrivals are remembered: %s", self.section.name, error)
