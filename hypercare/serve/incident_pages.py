"""What is open, the story of one incident, and what people do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypercare.escalation.changes import IncidentChange
from hypercare.escalation.incident import Incident
from hypercare.review.acts import ActRefused, Overtaken, UnknownIncident
from hypercare.review.telling import tell_others
from hypercare.serve.exchange import Answer, Refused, sent_to
from hypercare.serve.site import Visit

_LATEST_OVER, _OVER_LATELY = 10, timedelta(days=7)
# What every database takes for a number.
_LARGEST = 2**31 - 1
_DONE = {
    "acknowledged": "You are on it, and the others are told.",
    "noted": "Your note stands beside it.",
    "resolved": "It is over, you say. It opens again if it is seen again.",
    "action": "Written down, and the report shows it.",
}


def show_incidents(visit: Visit) -> Answer:
    incidents = visit.site.incidents
    over = incidents.over_since(visit.now - _OVER_LATELY, visit.now)[:_LATEST_OVER]
    return visit.page("incidents.html.j2", opened=incidents.open(visit.now), over=over)


def show_incident(visit: Visit) -> Answer:
    return _page(visit, done=_DONE.get(visit.request.query.get("done", ""), ""))


def acknowledge(visit: Visit) -> Answer:
    note, seen = visit.request.form.get("note", ""), visit.request.form.get("seen", "")
    return _act(
        visit,
        "acknowledged",
        lambda: visit.site.acts.acknowledge(_number(visit), visit.person, note, visit.now, seen=seen),
    )


def note(visit: Visit) -> Answer:
    text = visit.request.form.get("text", "")
    return _act(visit, "noted", lambda: visit.site.acts.note(_number(visit), visit.person, text, visit.now))


def resolve(visit: Visit) -> Answer:
    note = visit.request.form.get("note", "")
    return _act(visit, "resolved", lambda: visit.site.acts.resolve(_number(visit), visit.person, note, visit.now))


def add_action(visit: Visit) -> Answer:
    acts, text = visit.site.acts, visit.request.form.get("text", "")
    day = acts.today(visit.now)
    return _act(visit, "action", lambda: acts.action(day, text, visit.person, visit.now, _number(visit)))


def _act(visit: Visit, done: str, do: Callable[[], IncidentChange | None]) -> Answer:
    """Do it and show the page anew; what cannot be done is said there, with what was typed."""
    try:
        change = do()
    except (UnknownIncident, Overtaken) as error:
        return _page(visit, says=_sentence(str(error)), status=409)
    except ActRefused as error:
        return _page(visit, says=_sentence(str(error)), status=422)
    visit.site.tell_anew(visit.site.acts.today(visit.now), visit.now)
    tell_others(visit.site.history, visit.site.config, change, visit.now)
    return sent_to(f"/incidents/{_number(visit)}?done={done}")


def _page(visit: Visit, *, done: str = "", says: str = "", status: int = 200) -> Answer:
    incident = _incident(visit)
    typed = visit.request.form
    return visit.page("incident.html.j2", incident=incident, done=done, says=says, typed=typed, status=status)


def _incident(visit: Visit) -> Incident:
    try:
        return visit.site.incidents.one(_number(visit), visit.now)
    except UnknownIncident:
        raise _no_such_incident() from None


def _number(visit: Visit) -> int:
    number = int(visit.request.parts["number"])
    if number > _LARGEST:
        raise _no_such_incident()
    return number


def _no_such_incident() -> Refused:
    return Refused(404, "There is no such incident", "Its number may be that of another system.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
