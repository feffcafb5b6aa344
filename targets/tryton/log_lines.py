"""What a server logged while people worked: days of requests that are much alike, up to an instant."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from targets.tryton.prepared import PEOPLE

_SALES = (
    ("party.party.search_read", 21),
    ("product.product.search_read", 34),
    ("sale.sale.search_read", 48),
    ("sale.point.sale.create", 96),
    ("sale.point.sale.process", 143),
    ("sale.sale.on_change_with_untaxed_amount", 12),
)
_WORKSHOP = (
    ("production.search_read", 39),
    ("production.work.cycle.search_read", 27),
    ("production.work.cycle.do", 118),
)
LENGTH_OF_DAY = timedelta(hours=9, minutes=28)
# Since the morning: whichever way the hours of the clock lie, one of them is wholly within.
BUSIEST = (timedelta(hours=2, minutes=30), timedelta(hours=4, minutes=30))
_EVERY, _EVERY_WHEN_BUSY = timedelta(seconds=100), timedelta(seconds=25)
_PLACES = {"north": "10.0.1.5", "south": "10.0.2.5"}


def request_line(at: datetime, did: str, who: str, milliseconds: int) -> str:
    """As trytond writes it, with the time in front that our --logconf puts there."""
    place = _PLACES.get(who.partition(".")[0], "10.0.0.5")
    says = f"{did}(*(...), **{{}}) from {who}@{place}/business/ in {milliseconds} ms"
    return _line(at, "INFO trytond.protocols.dispatcher", says)


def days_of_requests(now: datetime, days: int) -> list[str]:
    """The lines of today, which has lasted since the morning, and of so many days before, oldest first."""
    begins = [now - LENGTH_OF_DAY - timedelta(days=ago) for ago in range(days, -1, -1)]
    lines = [start_of_server(begins[0])]
    for number, begin in enumerate(begins):
        lines += _day(begin, random.Random(number), forgets=PEOPLE[number % len(PEOPLE)] if number % 2 == 0 else "")
    return lines


def start_of_server(at: datetime) -> str:
    """What the server that trytond brings along says as it starts."""
    warning = "WARNING: This is a development server. Do not use it in a production deployment."
    return _line(
        at, "INFO werkzeug", f"{warning} Use a production WSGI server instead.\n * Running on http://127.0.0.1"
    )


def _day(begin: datetime, chance: random.Random, forgets: str) -> Iterator[str]:
    """Everybody logs in, somebody not at once, and works; around noon they do so most."""
    for number, who in enumerate(PEOPLE):
        at = begin + timedelta(seconds=20 * number)
        if who == forgets:
            yield _logged_in(at, who, "ERROR", "failed")
            at += timedelta(seconds=9)
        yield _logged_in(at, who, "INFO", "succeeded")
    at = begin + timedelta(minutes=6)
    while at < begin + LENGTH_OF_DAY:
        who = chance.choice(PEOPLE)
        did, milliseconds = chance.choice(_done_by(who))
        yield request_line(at, did, who, max(1, round(milliseconds * chance.lognormvariate(0, 0.2))))
        is_busy = BUSIEST[0] <= at - begin < BUSIEST[1]
        at += (_EVERY_WHEN_BUSY if is_busy else _EVERY) * chance.uniform(0.7, 1.3)


def _done_by(who: str) -> Sequence[tuple[str, int]]:
    return _WORKSHOP if who.endswith("workshop") else _SALES


def _logged_in(at: datetime, who: str, level: str, how: str) -> str:
    place = _PLACES[who.partition(".")[0]]
    return _line(at, f"{level} trytond.security", f"login {how} for '{who}' from '{place}' on database 'business'")


def _line(at: datetime, head: str, says: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d} {head} {says}\n"
