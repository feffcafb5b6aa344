"""The business that is generated: its days, its people, how much it sells, and which ids what is sold has.

Whatever is counted follows from the day and the branch alone, so that any day can be made without those before it and
is the same whenever it is made: a business that is lived on for a day gets what a longer one would have had.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from demo_erp.traffic.branches import ALL_BRANCHES, TRADING, BranchProfile
from demo_erp.traffic.people import PEOPLE

TIMEZONE = ZoneInfo("Europe/Berlin")
SALES_A_DAY = 7_000
TODAY, EVENING = date(2026, 11, 20), time(17)
SELLERS, WORKERS = 30, 40  # of each branch
CUSTOMERS_AT_OPENING = 5_000  # of each branch
NEW_CUSTOMER_EACH = 20  # sales
ADMINISTRATOR_ID = 2
_SHOWN_A_WEEK = sum(sum(branch.volume.values()) for branch in TRADING)


@dataclass(frozen=True)
class User:
    """Somebody with an account; `branch` counts from 1 in the order of the branches."""

    id: int
    username: str
    full_name: str
    role: str
    branch: int | None


@dataclass(frozen=True)
class Counter:
    """One trading branch: its place among them, its id, and who sells and works there."""

    place: int
    id: int
    profile: BranchProfile
    manager: User
    sellers: tuple[User, ...]
    workers: tuple[User, ...]


@dataclass(frozen=True)
class Today:
    """One branch on one day: how many sales, and how many it had before, ever and this year."""

    sales: int
    before: int
    before_this_year: int


def studio_among(first: int, last: int) -> int:
    """How many of a branch's sales from one count up to another (not included) are made to order."""
    return (last + 2) // 10 - (first + 2) // 10


def is_studio(count: int) -> bool:
    return count % 10 == 7


def is_void(count: int) -> bool:
    return count % 97 == 50


@dataclass
class Business:
    """`days` days up to `today`, which stands at `at` by the clock of its time zone."""

    days: int
    today: date = TODAY
    at: time = EVENING
    sales_a_day: int = SALES_A_DAY
    log_days: int = 90
    """For how long the activity log, background jobs and sessions are kept."""
    counters: tuple[Counter, ...] = field(init=False)
    users: tuple[User, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.users = tuple(_users())
        self.counters = tuple(_counters(self.users))

    @classmethod
    def of_sales(cls, sales: int) -> Business:
        """As many whole days as come nearest to so many sales."""
        return cls(max(1, round(sales / SALES_A_DAY)))

    @property
    def go_live(self) -> date:
        return self.today - timedelta(days=self.days - 1)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, self.at, tzinfo=TIMEZONE).astimezone(UTC)

    def day(self, index: int) -> date:
        return self.go_live + timedelta(days=index)

    def index(self, day: date) -> int:
        return (day - self.go_live).days

    def first_sale(self, index: int) -> int:
        """The id that the first sale of a day has."""
        return 1 + sum(one[index].before for one in self.volumes)

    @cached_property
    def volumes(self) -> tuple[tuple[Today, ...], ...]:
        """By branch and day; one day more than there is, for what comes after the last."""
        return tuple(tuple(self._volumes(counter)) for counter in self.counters)

    def _sales_of(self, profile: BranchProfile, day: date) -> int:
        """Some more and some less than on others of the same weekday."""
        uneven = 0.96 + 0.08 * ((day.toordinal() * 7919 + len(profile.name) * 104_729) % 1009) / 1008
        return round(profile.volume.get(day.weekday(), 0) * self.sales_a_day * 7 / _SHOWN_A_WEEK * uneven)

    def _volumes(self, counter: Counter) -> list[Today]:
        found, before, this_year, year = [], 0, 0, 0
        for index in range(self.days + 1):
            day = self.day(index)
            this_year = this_year if day.year == year else 0
            year = day.year
            sales = self._sales_of(counter.profile, day)
            found.append(Today(sales, before, this_year))
            before += sales
            this_year += sales
        return found


def _users() -> list[User]:
    ids = {branch.code: number for number, branch in enumerate(ALL_BRANCHES, start=1)}
    people = [(one.username, one.full_name, one.role, one.branch.code if one.branch else None) for one in PEOPLE]
    for branch in TRADING:
        for role, of_all in (("sales", SELLERS), ("production", WORKERS)):
            there = sum(1 for person in people if person[2:] == (role, branch.code))
            for number in range(there + 1, of_all + 1):
                username = f"{branch.code.lower()}.{role}.{number:02d}"
                people.append((username, f"{branch.name} {role} {number:02d}", role, branch.code))
    return [
        User(number, username, name, role, ids[code] if code else None)
        for number, (username, name, role, code) in enumerate(people, start=1)
    ]


def _counters(users: tuple[User, ...]) -> list[Counter]:
    found = []
    for place, profile in enumerate(TRADING):
        own = [user for user in users if user.branch == place + 1]
        by_role = {role: tuple(u for u in own if u.role == role) for role in ("manager", "sales", "production")}
        counter = Counter(place, place + 1, profile, by_role["manager"][0], by_role["sales"], by_role["production"])
        found.append(counter)
    return found
