"""A week of a shop: every message, to whom and when. Real mail and web receivers, simulated time."""

import pytest

from hypercare.outcome.level import Level
from hypercare.plan.rounds import Round
from hypercare.uptime.state import State
from tests.notification.simulated_week import Week

pytestmark = pytest.mark.server

L1, L2, L3 = Level

EVERYTHING = """
Mon 09:00  manager      Morning round, day 5: Some things need attention
Mon 09:00  technicians  L2 technical: A cost is booked twice.
Mon 09:40  technicians  Tom is on it: A cost is booked twice.
Mon 12:00  manager      Mid-day round, day 5: Some things need attention
Mon 14:00  technicians  Still open after 5 h: A cost is booked twice.
Mon 17:00  manager      End-of-day round, day 5: All is well
Mon 17:00  technicians  Over: A cost is booked twice.
Tue 09:00  manager      Morning round, day 6: Some things need attention
Tue 09:00  support      L1 user support: Anna is locked out.
Tue 09:30  support      Nobody has answered, L2 technical: Anna is locked out.
Tue 09:30  technicians  Nobody has answered, L2 technical: Anna is locked out.
Tue 11:00  owner        Nobody has answered, L2 technical: Anna is locked out.
Tue 11:00  support      Nobody has answered, L2 technical: Anna is locked out.
Tue 11:00  technicians  Nobody has answered, L2 technical: Anna is locked out.
Tue 11:10  owner        Eva is on it: Anna is locked out.
Tue 11:10  support      Eva is on it: Anna is locked out.
Tue 11:10  technicians  Eva is on it: Anna is locked out.
Tue 12:00  manager      Mid-day round, day 6: All is well
Tue 12:00  owner        Over: Anna is locked out.
Tue 12:00  support      Over: Anna is locked out.
Tue 12:00  technicians  Over: Anna is locked out.
Wed 10:00  owner        L3 critical: The web app does not answer.
Wed 10:00  technicians  L3 critical: The web app does not answer.
Wed 10:15  owner        Over: The web app does not answer.
Wed 10:15  technicians  Over: The web app does not answer.
Wed 10:20  owner        Back again, L3 critical: The web app does not answer.
Wed 10:20  technicians  Back again, L3 critical: The web app does not answer.
Wed 10:35  owner        Over: The web app does not answer.
Wed 10:35  technicians  Over: The web app does not answer.
Wed 10:40  owner        Comes and goes, L3 critical: The web app does not answer.
Wed 10:40  technicians  Comes and goes, L3 critical: The web app does not answer.
Wed 11:00  owner        Nobody has answered, L3 critical: The web app does not answer.
Wed 11:00  technicians  Nobody has answered, L3 critical: The web app does not answer.
Wed 12:00  manager      Mid-day round, day 7: Some things need attention
Wed 12:50  owner        Over: The web app does not answer.
Wed 12:50  technicians  Over: The web app does not answer.
Wed 17:00  manager      End-of-day round, day 7: All is well
Thu 09:30  technicians  The morning round of Thursday 15 January did not happen
Thu 13:00  manager      Mid-day round, day 8: Some things need attention
Thu 13:00  support      Eva is on it: Ben is locked out.
Thu 17:00  manager      End-of-day round, day 8: All is well
Thu 17:00  support      Over: Ben is locked out.
Fri 03:00  manager      Morning round, day 9: Some things need attention
Fri 03:30  technicians  Nobody has answered, L2 technical: The backup of the night is small.
Fri 03:40  technicians  Tom is on it: The backup of the night is small.
Fri 07:00  support      Tom is on it: The backup of the night is small.
Fri 08:00  support      Still open after 5 h: The backup of the night is small.
Fri 08:00  technicians  Still open after 5 h: The backup of the night is small.
Fri 09:00  manager      Morning round, day 9: All is well
Fri 09:00  support      Over: The backup of the night is small.
Fri 09:00  technicians  Over: The backup of the night is small.
Sat 12:00  manager      Mid-day round, day 10: Some things need attention
Sat 12:00  technicians  100 incidents at once: 100 new, up to L2 technical
Sat 13:30  owner        100 incidents at once: 100 not answered, up to L2 technical
Sat 13:30  technicians  100 incidents at once: 100 not answered, up to L2 technical
Sat 14:00  manager      Mid-day round, day 10: All is well
Sat 14:00  owner        100 incidents at once: 100 over
Sat 14:00  technicians  100 incidents at once: 100 over
"""


@pytest.mark.long
def test_every_message_of_a_week(history, post_office, web):
    week = Week(history, post_office, web)
    for day in (monday_acknowledged, tuesday_late, wednesday_flapping, thursday_silence, friday_night, saturday_storm):
        day(week, post_office)
    week.until("Sun 12:00")
    assert [f"{when}  {who:<11}  {title}" for when, who, title in week.heard] == EVERYTHING.strip().splitlines()


def monday_acknowledged(week, _):
    """Found in the morning, taken, forgotten and reminded of, over in the evening."""
    week.fails("verify.costs", L2, "A cost is booked twice.")
    week.acknowledges("Mon 09:40", "verify.costs", "Tom")
    week.until("Mon 16:45")
    week.holds()
    week.until("Mon 23:00")


def tuesday_late(week, _):
    """Nobody answers: told to the next level, and to the one above it, until somebody does."""
    week.fails("users.support", L1, "Anna is locked out.")
    week.acknowledges("Tue 11:10", "users.support", "Eva")
    week.until("Tue 11:45")
    week.holds()
    week.until("Tue 23:00")


def wednesday_flapping(week, _):
    """The web app comes and goes: told twice, then as coming and going, then only when it has been steady."""
    for clock, state in (
        ("10:00", State.DOWN),
        ("10:04", State.UP),
        ("10:15", State.UP),
        ("10:20", State.DOWN),
        ("10:24", State.UP),
        ("10:35", State.UP),
        ("10:40", State.DOWN),
        ("10:44", State.UP),
        ("10:55", State.UP),
    ):
        week.probe(f"Wed {clock}", state)
    for minute in range(0, 50, 10):
        week.probe(f"Wed 11:{minute:02}", State.DOWN)
        week.probe(f"Wed 11:{minute + 5:02}", State.UP)
    for clock in ("11:55", "12:25", "12:50", "13:20"):
        week.probe(f"Wed {clock}", State.UP)
    week.until("Wed 23:00")


def thursday_silence(week, post_office):
    """The morning round does not happen; at noon the mail server takes nothing for an hour."""
    week.skipped.add("Thu 09:00")
    week.until("Thu 11:45")
    week.fails("users.active", L1, "Ben is locked out.")
    post_office.refuses = "451 not now"
    week.until("Thu 12:10")
    week.acknowledges("Thu 12:12", "users.active", "Eva")
    week.until("Thu 12:45")
    post_office.refuses = None
    week.until("Thu 16:45")
    week.holds()
    week.until("Thu 23:00")


def friday_night(week, _):
    """A round at night finds something small: those who sleep read of it in the morning, once."""
    week.until("Fri 03:00")
    week.fails("backups.recent", L1, "The backup of the night is small.")
    week.round(Round.MORNING)
    week.acknowledges("Fri 03:40", "backups.recent", "Tom")
    week.until("Fri 08:45")
    week.holds()
    week.until("Fri 23:00")


def saturday_storm(week, _):
    """A hundred checks fail at once, nobody answers, and all hold again."""
    week.until("Sat 11:45")
    for number in range(100):
        week.fails(f"data.check-{number}", L2, f"Table {number} has rows without an owner.")
    week.until("Sat 13:45")
    week.holds()
    week.until("Sat 14:00")
    week.round(Round.MIDDAY)
    week.until("Sat 23:00")
