"""Public holidays of a country or of a part of it, by the package `holidays`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypercare.extras import install

if TYPE_CHECKING:
    from holidays import HolidayBase


@cache
def holidays_of(country: str, subdivision: str | None = None) -> HolidayBase:
    """What is celebrated, by day; each year is filled in when it is first asked for a day in it.

    Raises:
        ValueError: the country or the part of it is not known, or the package is not installed.
    """
    try:
        from holidays import country_holidays

        return country_holidays(country, subdiv=subdivision)
    except ImportError:
        raise ValueError(f"the package holidays is not installed: {install('holidays')}") from None
    except NotImplementedError as unknown:
        raise ValueError(str(unknown)) from None
    except TypeError:
        # It names something of the package that is no country.
        raise ValueError(f"{country!r} is no country") from None
