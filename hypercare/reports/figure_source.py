"""Where a figure of the day comes from."""

from __future__ import annotations

from pydantic import AwareDatetime

from hypercare.outcome.part import Part


class FigureSource(Part):
    """Which check told a figure, in which round, and as of when; the questions that it asked are its evidence."""

    check: str
    item: str = ""
    round: str = ""
    as_of: AwareDatetime
