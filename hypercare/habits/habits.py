"""What always was so in the records, as the checks speak of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hypercare.database.database import Database
from hypercare.habits.filled import filled
from hypercare.habits.judging import Habit, broken
from hypercare.habits.neighbours import days_beside, people_beside
from hypercare.habits.vocabulary import new_words
from hypercare.history.memory import Memory
from hypercare.operations_model.model import Model
from hypercare.operations_model.resource import Resource
from hypercare.outcome.found import Found
from hypercare.seals import Seals
from hypercare.target_file.target import Target


class Habits(Resource):
    """Rules that nothing but the past of this business tells, by what earlier rounds saw of them."""

    def __init__(self, target: Target, database: Database, memory: Memory, seals: Seals | None = None) -> None:
        super().__init__(target, database)
        self._memory = memory
        self._seals = seals or Seals(target, database)

    def lacking(self) -> Found:
        """Records that lack what all others of their kind have."""
        return self._broken("fields that are always filled", filled)

    def dated_unlike_their_neighbours(self) -> Found:
        """Records that are dated another number of days from their neighbours than all others are."""
        return self._broken("days between neighbours", days_beside)

    def naming_others_than_their_neighbours(self) -> Found:
        """Records that name somebody or something else than their neighbours, where all others name the same."""
        return self._broken("what neighbours name alike", people_beside)

    def new_words(self) -> Sequence[str]:
        """Words that no record used in earlier rounds, where it has always been the same few."""
        return new_words(self.model, self._memory, self._seals)

    def _broken(self, kind: str, ask: Callable[[Model, Seals], Iterator[Habit]]) -> Found:
        given_up = self.target.config.mapping.agreed.given_up
        return broken(list(ask(self.model, self._seals)), self._memory, kind, self.model.as_of, given_up)
