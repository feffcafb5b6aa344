"""People at work: signing in and out, the odd wrong password, and looking things up when nothing else is to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from demo_erp.traffic.events import Event, PlannedVisit
from demo_erp.traffic.people import Person
from demo_erp.traffic.randomness import pick, spread, stream
from demo_erp.traffic.rota import Duty, Rota

QUIET_AT_MOST = timedelta(minutes=50)  # nobody on duty is without a trace for longer
LOOKS = {  # what each role looks at
    "owner": ("report.view", "sale.view", "activity.view", "report.view"),
    "administrator": ("job.view", "user.view", "activity.view", "issue.view"),
    "manager": ("report.view", "sale.view", "board.view", "search"),
    "sales": ("sale.view", "customer.view", "search"),
    "production": ("board.view", "order.view", "board.view"),
}
SILENT = frozenset({"login.wrong", "sale.refused", "glance"})  # leave no line in the activity log


def sign_ins(seed: int, day: date, rota: Rota) -> Iterator[Event]:
    """Everybody on duty signs in about when the shift starts and out when it ends."""
    chance = stream(seed, "presence", day)
    for duty in rota.everybody(day):
        person = duty.person
        channel = "mobile" if chance.random() < person.phone_share else "web"
        at = duty.starts + timedelta(seconds=spread(chance, -240, 600), milliseconds=chance.randint(0, 999))
        visit = PlannedVisit(person, f"{chance.getrandbits(256):064x}", at)
        if chance.random() < person.misremembers:
            yield Event(at - timedelta(seconds=chance.randint(9, 45)), "login.wrong", person, channel, visit)
        yield Event(at, "login", person, channel, visit)
        leaving = duty.ends - timedelta(seconds=spread(chance, 5, 170), milliseconds=chance.randint(0, 999))
        yield Event(leaving, "logout", person, channel, visit)


def looks(seed: int, day: date, rota: Rota, events: Iterable[Event]) -> Iterator[Event]:
    """What fills the quiet hours of everybody on duty, given what they do that day anyway."""
    chance = stream(seed, "looks", day)
    busy: dict[Person, list[datetime]] = {}
    for event in events:
        if event.actor is not None and event.kind not in SILENT:
            busy.setdefault(event.actor, []).append(event.at)
    for duty in rota.everybody(day):
        yield from _filled(chance, duty, sorted(busy.get(duty.person, [])))


def _filled(chance: Random, duty: Duty, moments: list[datetime]) -> Iterator[Event]:
    moments = [moment for moment in moments if moment < duty.ends]
    last = moments[0] if moments else duty.starts
    for moment in [*moments[1:], duty.ends]:
        while moment - last > QUIET_AT_MOST:
            last += timedelta(seconds=spread(chance, 1300, 2900), milliseconds=chance.randint(0, 999))
            if last >= min(moment, duty.ends - timedelta(minutes=5)):
                break
            yield Event(last, pick(chance, LOOKS[duty.person.role]), duty.person, "web", None)
        last = max(last, moment)
