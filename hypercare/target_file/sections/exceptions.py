"""The section of what was agreed to be otherwise than the rules say: by name, of few records, until a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from hypercare.target_file.section import Section, Words

MOST_RECORDS = 100
# An exception of a whole branch would be no exception but a hole.
_TOO_WIDE = frozenset({"branch", "membership"})


class AgreedException(Section):
    """Records of which somebody agreed that `items` are not to report them, until a day: "the lace comes in March".

    `records` are the numbers (or the ids, where there is no number; of people their log-in names) of records of this
    `entity`. What belongs to them, such as the steps of an order or the sales to a customer, is excepted with them, and
    nothing else. Reports say how many records were passed over, by whose word and until when. After its last day an
    exception has no effect, and is asked about until it is taken out.
    """

    name: str = Field(min_length=1)
    items: Annotated[Words, Field(min_length=1)]
    entity: str
    records: Annotated[Words, Field(min_length=1, max_length=MOST_RECORDS)]
    agreed_by: str = Field(min_length=1)
    until: date
    since: date | None = None

    @model_validator(mode="after")
    def _is_narrow(self) -> Self:
        if self.entity in _TOO_WIDE:
            raise ValueError(f"an exception names single records, and a {self.entity} is none: name what it is about")
        if self.since is not None and self.until < self.since:
            raise ValueError("it ends before it begins")
        return self

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and day <= self.until

    def is_over_on(self, day: date) -> bool:
        return self.until < day
