"""Is what was agreed to be otherwise still agreed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.signals import AwaitingPerson

if TYPE_CHECKING:
    from hypercare.target_file.target import Target

pytestmark = pytest.mark.item("data.constraints")


def test_agreed_exceptions_are_not_over(target: Target) -> None:
    today = target.calendar.date_of(target.as_of)
    over = [one for one in target.config.exceptions if one.is_over_on(today)]
    if over:
        named = "; ".join(f"{one.name} ({one.agreed_by}, until {one.until})" for one in over)
        raise AwaitingPerson(
            f"{len(over)} agreed exception(s) are over and have no effect any more: {named}. "
            "Is it settled, so that [[exceptions]] can go without it, or agreed anew?"
        )
