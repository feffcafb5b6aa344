"""Pieces of what a summary tells of one check."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.part import Part


class LookedAt(Part):
    """What a check took in of a source: `read` things of the kind `what` were there, `understood` could be judged."""

    source: str
    what: str = Field(description='"lines", "requests", "rows", "references", "tables" ...')
    read: int
    understood: int
    of_them: dict[str, int] = Field(default_factory=dict, description="parts in words")


class Excepted(Part):
    """So many records that would be reported, but for an exception that somebody agreed to."""

    exception: str
    records: int
    agreed_by: str
    until: date


class Try(Part):
    """One of several looks of a check, by real instants."""

    outcome: Outcome
    sentence: str = ""
    started: AwareDatetime
    ended: AwareDatetime
