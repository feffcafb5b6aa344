"""The rules that every request passes before a page is made of it: host, origin, session, role, form."""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.answer_links import AnswerLinks
from hypercare.escalation.incidents import Incidents
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.plan.checklist import Checklist
from hypercare.reports.day_report import DayReport
from hypercare.reports.folder import ReportsFolderProblem
from hypercare.review.acts import Acts
from hypercare.review.person import Person, Way
from hypercare.serve.accounts import Accounts
from hypercare.serve.exchange import Answer, Refused, Request, sent_to
from hypercare.serve.log_ins import LogIns
from hypercare.serve.pages import Pages
from hypercare.serve.reach import Reach
from hypercare.serve.sessions import Session, Sessions
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.serve import ServeSection
from hypercare.target_file.target import clock_of

_LOG = logging.getLogger(__name__)
FORM_TOKEN = "form_token"
_READS = {"GET", "HEAD"}
_LOG_INS_AT_ONCE = 8


class Needs(Enum):
    """Who is answered: everybody, whoever is logged in, or reviewers alone."""

    NOBODY = auto()
    VIEWER = auto()
    REVIEWER = auto()


@dataclass(frozen=True)
class Visit:
    """One request with all that answers it. `session` is None only where nobody has to be logged in."""

    site: Site
    request: Request
    session: Session | None

    @property
    def now(self) -> datetime:
        return clock_of(self.site.config)

    @property
    def person(self) -> Person:
        assert self.session is not None
        return Person(self.session.name, Way.PAGE, self.request.sender)

    @property
    def may_act(self) -> bool:
        return self.session is not None and self.session.may_act

    def page(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        return Answer(self.site.pages.page(template, self.session, now=self.now, **values), status)


@dataclass(frozen=True)
class Route:
    """`handler` answers what comes by `method` to `path`, whose parts in braces are named."""

    method: str
    path: str
    needs: Needs
    handler: Callable[[Visit], Answer]


class Site:
    """What all pages of one target stand on. It is asked by several threads at a time."""

    def __init__(
        self,
        config: TargetConfig,
        section: ServeSection,
        history: History,
        reports: Path,
        plan: Checklist,
        reach: Reach,
    ) -> None:
        self.config, self.section, self.history = config, section, history
        self.reports, self.plan, self.reach = reports, plan, reach
        self.incidents, self.annotations = Incidents(history, config), Annotations(history)
        self.acts, self.links = Acts(history, config), AnswerLinks(history)
        self.accounts, self.sessions = Accounts(history, section), Sessions(history, section)
        self.log_ins = LogIns(history)
        # Each waits for a processor; more would keep everybody else from being answered.
        self.room_to_log_in = threading.BoundedSemaphore(_LOG_INS_AT_ONCE)
        self.pages = Pages(config.target.name, config.business.calendar.zone)
        self.accounts.warm_up()

    def tell_anew(self, day: date, now: datetime) -> None:
        """Show in the report of a day what was just said. That it could not be written undoes nothing that was said."""
        as_of = now if day == self.acts.today(now) else None
        try:
            DayReport(self.config, self.plan, self.history, self.reports, day).tell_anew(as_of)
        except (ReportsFolderProblem, HistoryProblem, ValueError) as problem:
            _LOG.warning("the report of %s does not show yet what was said: %s", day, problem)

    @property
    def cookie(self) -> str:
        """The name under which a browser holds its session; the prefix makes it refuse all but our own host."""
        return "__Host-hypercare" if self.reach.is_secure else "hypercare"

    @property
    def form_cookie(self) -> str:
        """The same of what the log-in form has to bring along."""
        return f"{self.cookie}-form"

    def answer(self, route: Route, request: Request) -> Answer:
        """Answer a request, whatever becomes of it."""
        session = None
        try:
            self.check_sender(request)
            session = self._session_of(request)
            return self._allowed(route, request, session)
        except Refused as refused:
            return self.refusal(refused, session)
        except HistoryProblem as problem:
            _LOG.warning("%s %s is not answered: %s", route.method, route.path, problem)
            return self._busy(request, session)

    def check_sender(self, request: Request) -> None:
        """Raises Refused for a host that is not ours, and for a form that is not from a page of ours."""
        if not self.reach.has_host(request.host):
            raise Refused(
                421, "This is another address", "These pages are reached under the address they were set up for."
            )
        if request.method not in _READS and not self.reach.is_own(request.origin):
            raise Refused(403, "Nothing was done", "The form did not come from these pages.")

    def session_or_none(self, request: Request) -> Session | None:
        """Whose session it is; None too where the history does not say."""
        try:
            return self._session_of(request)
        except HistoryProblem:
            return None

    def refusal(self, refused: Refused, session: Session | None = None) -> Answer:
        values = {"title": refused.title, "text": refused.text}
        return Answer(self.pages.page("message.html.j2", session, **values), refused.status)

    def _session_of(self, request: Request) -> Session | None:
        token = request.cookies.get(self.cookie, "")
        return self.sessions.find(token) if token else None

    def _allowed(self, route: Route, request: Request, session: Session | None) -> Answer:
        if route.needs is not Needs.NOBODY:
            if session is None:
                return self._to_log_in(request)
            if request.method not in _READS and not same(request.form.get(FORM_TOKEN, ""), session.form_token):
                raise Refused(403, "Nothing was done", "The form is of another session. Open the page anew.")
            if route.needs is Needs.REVIEWER and not session.may_act:
                raise Refused(403, "You may read", "Only a reviewer can do this or see it.")
        return route.handler(Visit(self, request, session))

    def _to_log_in(self, request: Request) -> Answer:
        then = request.path if request.method in _READS else "/"
        if request.is_from_elsewhere and request.method in _READS:
            # Who follows a link in a mail may be logged in all the same; asked by a page of ours, the browser says so.
            return Answer(self.pages.page("once_more.html.j2", None, path=quote(then, safe="/")))
        return sent_to("/login" if then == "/" else f"/login?then={quote(then, safe='/')}")

    def _busy(self, request: Request, session: Session | None) -> Answer:
        """Nothing was written; what was typed is not lost."""
        typed = {name: text for name, text in request.form.items() if name not in {FORM_TOKEN, "password"}}
        again: Mapping[str, str] = typed if session is not None and request.method == "POST" else {}
        path = quote(request.path)
        values = {"again": again, "path": path, "is_form": request.method == "POST" and session is not None}
        page = self.pages.page("busy.html.j2", session, **values)
        return Answer(page, 503, headers={"Retry-After": "10"})


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def new_form_token() -> str:
    return secrets.token_urlsafe(32)


def seconds_left(session: Session) -> int:
    return max(0, int((session.until - datetime.now(UTC)).total_seconds()))
