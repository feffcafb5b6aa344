"""What people report, and how it is answered: always by somebody on duty, always in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from demo_erp.traffic.branches import TRADING
from demo_erp.traffic.events import Event, PlannedIssue
from demo_erp.traffic.people import Person
from demo_erp.traffic.randomness import pick, spread, stream
from demo_erp.traffic.rota import Duty, Rota

REPORTERS = ("sales", "production", "manager")
_TOPICS = (  # category, severity, title, text, resolution
    ("question", "low", "How to change the customer of a draft", "I chose the wrong customer and found no way back.",
     "Shown: open the draft, choose Change customer."),
    ("question", "normal", "Where are the receipts of yesterday", "A customer asks for a copy of the receipt.",
     "Open the sale; the receipt can be printed again from there."),
    ("question", "low", "What counts as outwork", "Beading is given out: is it material or outwork?",
     "Outwork is whatever is invoiced by somebody outside."),
    ("training", "normal", "Splitting a payment", "Customer paid partly cash, partly by card; unsure how to enter it.",
     "Two payments in the same window; practised together."),
    ("training", "low", "Taking over a colleague's step", "A colleague is ill, her step is still in her name.",
     "The manager can give the step to somebody else."),
    ("training", "normal", "Voiding needs a reason", "Did not know why the void was refused.",
     "Explained: the reason is kept for the books."),
    ("error", "high", "Receipt printer does not answer", "Nothing comes out since this morning.",
     "Cable was loose at the counter; printed a test page."),
    ("error", "normal", "List of sales is sorted oddly", "Newest sale is not on top after a search.",
     "Sorting had been changed in the heading; put back."),
    ("error", "high", "Tablet in the workshop is offline", "The board does not load in the back room.",
     "Wireless access point restarted; the board loads again."),
    ("wish", "low", "Bigger letters on the board", "Hard to read from the cutting table.",
     "Noted; the browser's zoom helps until then."),
    ("wish", "low", "Favourites among products", "The same ten products are sold again and again.",
     "Noted for the next release meeting."),
    ("wish", "normal", "Reminder before a fitting", "Could customers be reminded two days before?",
     "Reminders are sent the day before already; shown where."),
)  # fmt: skip
_SOLVED_WITHIN_HOURS = {"low": (1.0, 20.0), "normal": (0.6, 8.0), "high": (0.4, 3.0)}


def issues_of(seed: int, day: date, number_of_day: int, rota: Rota) -> Iterator[Event]:
    """Reports of a day with their answers, which may come on a later day. There are more in the first days."""
    chance = stream(seed, "issues", day)
    usual = 5 if number_of_day <= 3 else 3 if number_of_day <= 7 else 2
    for _ in range(usual + chance.randint(0, 1)):
        yield from _one(chance, day, rota)


def _one(chance: Random, day: date, rota: Rota) -> Iterator[Event]:
    branch = pick(chance, TRADING)
    duties = [duty for role in REPORTERS for duty in rota.duties(branch, role, day)]
    if not duties:
        return
    duty = pick(chance, duties)
    at = duty.starts + (duty.ends - duty.starts) * spread(chance, 0.1, 0.85)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    answer_at = at + timedelta(seconds=spread(chance, 150, 660), milliseconds=chance.randint(0, 999))
    responder = _on_duty(rota, branch_duties=rota.duties(branch, "manager", day), day=day, at=answer_at)
    if responder is None or responder.person is duty.person:
        return
    category, severity, title, text, resolution = pick(chance, _TOPICS)
    issue = PlannedIssue(duty.person, title, text, category, severity, resolution, at)
    yield Event(at, "issue.report", duty.person, "web", issue)
    yield Event(answer_at, "issue.respond", responder.person, "web", issue)
    solved_at = answer_at + timedelta(hours=spread(chance, *_SOLVED_WITHIN_HOURS[severity]))
    yield Event(*_solved(chance, rota, responder, answer_at, solved_at), "web", issue)


def _on_duty(rota: Rota, branch_duties: tuple[Duty, ...], day: date, at: datetime) -> Duty | None:
    """The administrator, else the branch's manager."""
    desk = [duty for duty in rota.everybody(day) if duty.person.role == "administrator"]
    for duty in (*desk, *branch_duties):
        if duty.covers(at - timedelta(minutes=20), at + timedelta(minutes=30)):
            return duty
    return None


def _solved(
    chance: Random, rota: Rota, responder: Duty, answered: datetime, solved_at: datetime
) -> tuple[datetime, str, Person]:
    """Within the same shift: nothing that can be answered today is left for tomorrow."""
    latest = responder.ends - timedelta(minutes=6)
    at = solved_at if solved_at < latest else answered + (latest - answered) * spread(chance, 0.3, 1.0)
    return at.replace(microsecond=at.microsecond // 1000 * 1000), "issue.resolve", responder.person
