"""A link of a message: it shows what it is about, and acts only when somebody says so, once."""

from __future__ import annotations

from hypercare.escalation.answer_links import AnswerLink, NoSuchLink
from hypercare.review.acts import ActRefused, Overtaken, UnknownIncident
from hypercare.review.person import Person, Way
from hypercare.review.telling import tell_others
from hypercare.serve.exchange import Answer, Refused
from hypercare.serve.site import Visit
from hypercare.target_file.sections.serve import LONGEST_NAME

_SPENT = "Log in, or use the command line, to say that you are on it."


def show_link(visit: Visit) -> Answer:
    """Programs that follow every link of a mail come here, and change nothing."""
    return _page(visit, _link(visit))


def use_link(visit: Visit) -> Answer:
    site, link = visit.site, _link(visit)
    name = " ".join(visit.request.form.get("name", "").split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return _page(visit, link, says="Say who you are, so that the others know.", status=422)
    person = Person(name, Way.LINK, visit.request.sender)
    try:
        with site.history.writing():
            site.links.use(_token(visit), name)
            change = site.acts.acknowledge(
                link.incident, person, visit.request.form.get("note", ""), visit.now, seen=""
            )
    except NoSuchLink as error:
        raise Refused(410, str(error), _SPENT) from None
    except (ActRefused, Overtaken, UnknownIncident) as error:
        text = f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."
        return _page(visit, link, says=text, status=409)
    site.tell_anew(site.acts.today(visit.now), visit.now)
    tell_others(site.history, site.config, change, visit.now)
    return visit.page(
        "message.html.j2", title=f"{name}, you are on it", text="The others are told. The link is used up."
    )


def _page(visit: Visit, link: AnswerLink, *, says: str = "", status: int = 200) -> Answer:
    try:
        incident = visit.site.incidents.one(link.incident, visit.now)
    except UnknownIncident:
        raise Refused(410, "There is no such incident any more", _SPENT) from None
    values = {"incident": incident, "link": link, "says": says, "typed": visit.request.form}
    return visit.page("link.html.j2", status=status, action=f"/link/{_token(visit)}", **values)


def _link(visit: Visit) -> AnswerLink:
    try:
        return visit.site.links.read(_token(visit))
    except NoSuchLink as error:
        raise Refused(410, str(error), _SPENT) from None


def _token(visit: Visit) -> str:
    return visit.request.parts["token"]
