"""Logging in and out."""

from __future__ import annotations

import logging

from hypercare.serve.exchange import Answer, Refused, sent_to
from hypercare.serve.log_ins import WINDOW, TooManyTries
from hypercare.serve.reach import own_path
from hypercare.serve.site import FORM_TOKEN, Visit, new_form_token, same

_LOG = logging.getLogger(__name__)
_WRONG = "This name and password do not go together."
_TOO_MANY = f"Too many tries. Wait {int(WINDOW.total_seconds() // 60)} minutes, then try again."


def show_log_in(visit: Visit) -> Answer:
    then = own_path(visit.request.query.get("then", "/"))
    if visit.session is not None:
        return sent_to(then)
    return _form(visit, then=then)


def log_in(visit: Visit) -> Answer:
    """A session of its own for each log-in; one from before ends, whoever made the browser hold it."""
    site, form = visit.site, visit.request.form
    then = own_path(form.get("then", "/"))
    # A form of the log-in belongs to the browser that asked for it: nobody is logged in as somebody else unawares.
    held = visit.request.cookies.get(site.form_cookie, "")
    if not held or not same(form.get(FORM_TOKEN, ""), held):
        raise Refused(
            403, "Nothing was done", "The form is out of date, or this browser takes no cookies. Log in anew."
        )
    name, password = form.get("name", "").strip(), form.get("password", "")
    try:
        number = site.log_ins.begin(name, visit.request.sender)
    except TooManyTries:
        _LOG.warning("too many log-ins were refused of %r from %s", name[:80], visit.request.sender)
        return _form(visit, then=then, name=name, says=_TOO_MANY, status=429)
    if not _is_right(visit, name, password):
        return _form(visit, then=then, name=name, says=_WRONG, status=401)
    before = visit.request.cookies.get(site.cookie, "")
    if before:
        site.sessions.end(before)
    site.log_ins.succeeded(number, name)
    token = site.sessions.begin(name, site.section.session_length)
    return sent_to(then, {site.cookie: token, site.form_cookie: ""})


def _is_right(visit: Visit, name: str, password: str) -> bool:
    room = visit.site.room_to_log_in
    if not room.acquire(blocking=False):
        raise Refused(503, "Not now", "Many log in at this moment. Wait a little, then try again.")
    try:
        return visit.site.accounts.is_right(name, password)
    finally:
        room.release()


def log_out(visit: Visit) -> Answer:
    site = visit.site
    site.sessions.end(visit.request.cookies.get(site.cookie, ""))
    site.log_ins.logged_out(visit.person.name, visit.request.sender)
    return sent_to("/login", {site.cookie: ""})


def _form(visit: Visit, *, then: str, name: str = "", says: str = "", status: int = 200) -> Answer:
    token = visit.request.cookies.get(visit.site.form_cookie) or new_form_token()
    page = visit.page("log_in.html.j2", status=status, then=then, name=name[:80], says=says, form_token=token)
    return Answer(page.body, status, cookies={visit.site.form_cookie: token})
