"""What the resources have in common: a target, a database, and the model between the two."""

from __future__ import annotations

from datetime import timedelta

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.plan.calendar import Period
from hypercare.target_file.target import Target

_A_DAY = timedelta(days=1)


class Resource:
    """A part of the business that questions can be asked of. Asks nothing before its first question."""

    def __init__(self, target: Target, database: Database) -> None:
        self.target = target
        self.model = Model(target, database)

    @property
    def last_day(self) -> Period:
        """The twenty-four hours before the round: what the same round of yesterday did not see."""
        return Period(self.model.as_of - _A_DAY, self.model.as_of)
