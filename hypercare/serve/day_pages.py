"""A business day: what only people can answer, what they did, and who stands for its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypercare.agenda.agenda import agenda
from hypercare.escalation.annotations import DAILY, sign_offs_of
from hypercare.escalation.annotations import Answer as PersonsAnswer
from hypercare.period_reports.days_of_report import days_of_report
from hypercare.plan.item import Item
from hypercare.plan.problem import ChecklistProblem
from hypercare.review.acts import ActRefused, Overtaken, UnknownIncident
from hypercare.serve.exchange import Answer, Refused, sent_to
from hypercare.serve.files import is_folder_with_page
from hypercare.serve.site import Visit

_A_DAY = timedelta(days=1)
_LATEST_PERIODS = 6
_DONE = {
    "answered": "Your answer is written down, and the report shows it.",
    "action": "Written down, and the report shows it.",
    "signed": "Signed, and the report shows it.",
}


@dataclass(frozen=True)
class Question:
    """An item that only a person can answer, with the answer that holds for the day."""

    item: Item
    answer: PersonsAnswer | None

    @property
    def words(self) -> str:
        return self.item.question or self.item.words


def show_today(visit: Visit) -> Answer:
    return sent_to(f"/day/{visit.site.acts.today(visit.now)}")


def show_day(visit: Visit) -> Answer:
    return _page(visit, done=_DONE.get(visit.request.query.get("done", ""), ""))


def attest(visit: Visit) -> Answer:
    site, form, item = visit.site, visit.request.form, visit.request.parts["item"]
    return _act(
        visit,
        "answered",
        lambda: site.acts.attest(
            site.plan, item, _day(visit), form.get("answer", ""), visit.person, visit.now, seen=form.get("seen", "")
        ),
        item,
    )


def add_action(visit: Visit) -> Answer:
    text = visit.request.form.get("text", "")
    return _act(visit, "action", lambda: visit.site.acts.action(_day(visit), text, visit.person, visit.now))


def sign_off(visit: Visit) -> Answer:
    form, acts = visit.request.form, visit.site.acts
    what = form.get("what", DAILY)
    day = _day(visit) if what == DAILY else None
    return _act(visit, "signed", lambda: acts.sign_off(what, day, form.get("note", ""), visit.person, visit.now))


def _act(visit: Visit, done: str, do: Callable[[], object], item: str = "") -> Answer:
    try:
        do()
    except (Overtaken, UnknownIncident) as error:
        return _page(visit, says=str(error), item=item, status=409)
    except (ActRefused, ChecklistProblem) as error:
        return _page(visit, says=f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.", item=item, status=422)
    visit.site.tell_anew(_day(visit), visit.now)
    return sent_to(f"/day/{_day(visit)}?done={done}")


def _page(visit: Visit, *, done: str = "", says: str = "", item: str = "", status: int = 200) -> Answer:
    site, day, today = visit.site, _day(visit), visit.site.acts.today(visit.now)
    said = site.annotations.of_day(day)
    (on_agenda,) = agenda(site.plan, site.config, day, day)
    items = dict.fromkeys(item for one in on_agenda.rounds for item in one.questions)
    # What was answered and is not asked any more is shown all the same.
    answered = [site.plan[id_] for id_ in said.answers if id_ in site.plan]
    questions = [Question(one, said.answers.get(one.id)) for one in dict.fromkeys([*items, *answered])]
    values: dict[str, Any] = {
        "day": day,
        "today": today,
        "before": day - _A_DAY,
        "after": day + _A_DAY if day < today else None,
        "phase": on_agenda.words,
        "questions": questions,
        "said": said,
        "signed": sign_offs_of(site.history, DAILY, day),
        "periods": _periods(visit, today) if day == today else [],
        "report": _report_of(visit, day),
    }
    typed = visit.request.form
    item = item if any(one.item.id == item for one in questions) else ""
    return visit.page("day.html.j2", status=status, done=done, says=says, item=item, typed=typed, **values)


def _periods(visit: Visit, today: date) -> list[str]:
    """The reports of weeks and months that have begun, the newest first."""
    go_live = visit.site.config.business.calendar.go_live
    return [*_begun("week", go_live, today), *_begun("month", go_live, today)]


def _begun(kind: str, go_live: date, today: date) -> Iterator[str]:
    length = {"week": 7, "month": 30}[kind]
    newest = (today - go_live).days // length + 1
    for number in range(newest, max(0, newest - _LATEST_PERIODS), -1):
        name = f"{kind}-{number}"
        if days_of_report(name, go_live)[0] <= today:
            yield name


def _report_of(visit: Visit, day: date) -> str:
    """Where the report of the day is shown; empty where there is none."""
    root = visit.site.reports
    return next(
        (f"/reports/{place}/" for place in (f"{day}/day", f"{day}/daily") if is_folder_with_page(root, place)), ""
    )


def _day(visit: Visit) -> date:
    try:
        day = date.fromisoformat(visit.request.parts["day"])
    except ValueError:
        raise Refused(404, "There is no such day", "Days are written as 2026-01-31.") from None
    if not date(1970, 1, 2) <= day <= visit.site.acts.today(visit.now):
        raise Refused(404, "This day is still to come", "What is said of a day is said when it has begun.")
    return day
