"""What the nouns have in common: a target, a database, and the model between the two."""

from __future__ import annotations

from hypercare.operations.model import Model
from hypercare.target.database import Database
from hypercare.target.target import Target


class Noun:
    """A part of the business that questions can be asked of. Asks nothing before its first question."""

    def __init__(self, target: Target, database: Database) -> None:
        self.target = target
        self.model = Model(target, database)
