"""How somebody gets into a web or mobile app that is declared as flows, or that nobody has described, and out again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from hypercare.browser.page import PageSession
from hypercare.clients.accounts import password_of
from hypercare.clients.browser_client import BrowserClient
from hypercare.clients.client import LogInRefused, SystemRefused, Who
from hypercare.clients.flow_steps import NotThere, Steps, StepStuck
from hypercare.clients.log_in_form import LogInForm
from hypercare.clients.log_in_signs import Signs, go_out, tells_of_another_session
from hypercare.clients.value_mapping import ours, theirs
from hypercare.http.exchange import short
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel, SaleState
from hypercare.target_file.config import Account
from hypercare.target_file.seats import Sessions
from hypercare.target_file.sections.flow import Flow, FlowSection

# How long a page that was sent anew, and asks again, is given to think better of it; how long a word of refusal stands
# before it is believed; how long what was asked for anew may take to know that somebody is in.
_QUIET, _SPOKEN, _KNOWN_AGAIN = 1.5, 1.0, 3.0
_BETWEEN_LOOKS = 200  # milliseconds


class FlowEntry(BrowserClient):
    """`flows` say how; `section` is what they are called in the target file: "web.flow"."""

    def __init__(self, page_session: PageSession, flows: FlowSection, channel: Channel) -> None:
        super().__init__(page_session)
        self.channel = channel
        self._flows = flows
        self._section = f"{channel.value}.flow"
        self._account: Account | None = None

    def log_in(self, account: Account) -> Who:
        """Let somebody in.

        Raises:
            LogInRefused: what the page shows says no, or it asks for the log-in again.
            NotCovered: nothing tells whether they are in; or the only session is somebody else's.
        """
        refused = self._entered(account.username, password_of(self.page_session.target, account))
        if refused is not None:
            self.page_session.picture("log-in refused")
            if self.page_session.target.seats.allowed is not Sessions.ANY and tells_of_another_session(refused):
                raise NotCovered(
                    f"The system allows one session, and somebody else has it, so {account.username} was not let in: "
                    f"{refused.rstrip('.')}.",
                    remedy="Keep accounts and a session for the suite, or run its rounds when nobody else is in.",
                )
            raise LogInRefused(
                self.channel,
                f"{account.username} was not let in: {refused or 'nothing is said'}.",
                where=self.page_session.url,
            )
        self._account = account
        shown = self._taken("who", {}, "show who is logged in") if self._flows.who else {}
        role, branch = shown.get("role"), shown.get("branch")
        return Who(
            str(shown.get("username") or account.username),
            account.role if role is None else ours(self._flows.roles, role) or role,
            account.branch if branch is None else ours(self._flows.branches, branch) or branch or None,
            reported=frozenset(name for name, value in shown.items() if value is not None),
        )

    def accepts(self, username: str, password: str) -> bool:
        if self._entered(username, password) is not None:
            return False
        self.leave()
        self.page_session.context.clear_cookies()
        return True

    def log_out(self) -> None:
        self._declared("log_out", "somebody logs out")
        with self.page_session.guard.leaving():
            self._taken("log_out", {}, "log out")

    def is_logged_in(self) -> bool:
        return self._account is not None and not self.page_session.go().has_password

    def leave(self) -> None:
        if self._account is None:
            return
        self._account = None
        with self.page_session.guard.leaving():
            if self._flows.log_out:
                self._taken("log_out", {}, "log out")
            elif self.page_session.target.seats.allowed is not Sessions.ANY:
                with self.page_session.guard.pressing():
                    go_out(self.page_session)
                    self.settle()

    def _entered(self, username: str, password: str) -> str | None:
        """None when these are in; else what the page says of it."""
        self.page_session.hide(password)
        earlier = len(self.page_session.guard.held_requests)
        stuck: SystemRefused | None = None
        before: Signs | None = None
        with self.page_session.guard.entering(username, password):
            if not (self._flows.who and self._flows.log_in):
                self.page_session.go(until_field=True)
                before = Signs.of(self.page_session)
            pages = self.page_session.watch.pages
            try:
                self._sent_off(username, password)
            except SystemRefused as refused:
                stuck = refused
            objection = self._refusal(before, pages, stuck)
            if objection is None and stuck is not None:
                raise stuck
            if objection is None and before is not None and not self._flows.who:
                objection = self._doubt(before, pages, username)
        if objection == "":
            self.page_session.guard.require_nothing_held_since(earlier, "anybody is let in", "nobody was")
            if stuck is not None:
                raise stuck
        return objection

    def _sent_off(self, username: str, password: str) -> None:
        if self._flows.log_in:
            self._taken("log_in", {"username": username, "password": password}, "log in")
            return
        with self.doing("log in"):
            form = LogInForm(self)
            form.press(form.fill(username, password))
            self.settle()

    def _refusal(self, before: Signs | None, pages: int, stuck: SystemRefused | None) -> str | None:
        """What the page says against it, "" when it asks again without a word; None once it asks no more.

        A page app may take a while to let somebody in, so a page that asks is watched for as long as a page may take.
        """
        ends = time.monotonic() + (_QUIET if stuck is not None else self.page_session.seconds)
        sent_at = time.monotonic()
        spoken_at: float | None = None
        while True:
            signs = Signs.of(self.page_session)
            if self._flows.refused and self._flows.refused in signs.page.text:
                return self.alert() or self._flows.refused
            if not signs.asks(before):
                return None
            now = time.monotonic()
            objection = self._objection(signs, before)
            spoken_at = (spoken_at or now) if objection else None
            new_page = self.page_session.watch.pages > pages and now - sent_at > _QUIET
            if (spoken_at is not None and now - spoken_at > _SPOKEN) or new_page or now > ends:
                return objection or short(signs.new_text(before), 120)
            self.page.wait_for_timeout(_BETWEEN_LOOKS)

    def _objection(self, signs: Signs, before: Signs | None) -> str:
        """What is said in an alert, or in a line that was not there before and reads as a refusal."""
        alert = self.alert()
        if alert and (before is None or alert not in " ".join(before.page.text.split())):
            return alert
        return short(signs.new_text(before), 120) if before and signs.refuses and not before.refuses else ""

    def _doubt(self, before: Signs, pages: int, username: str) -> str | None:
        """None when what is shown only somebody who is in sees; else what speaks against it.

        Raises:
            NotCovered: nothing speaks for or against it.
        """
        if self._flows.inside:
            return None if self._shows(self._flows.inside) else f"{self._flows.inside!r} does not appear"
        answered = self.page_session.watch.status or 0
        by_script = self.page_session.watch.pages == pages
        after = Signs.of(self.page_session)
        if (answered < 400 or by_script) and after.is_sure(before, username):
            return None
        again = self._after_reopening(before)
        if again.asks(before):
            if by_script and after.has_way_out and not after.refuses:
                return None  # what is kept in the page alone is gone when it is opened anew
            answer = f"the answer was {answered}, " if answered >= 400 else ""
            return f"{answer}{_quoted(after.new_text(before))}and the log-in page asks again"
        status = self.page_session.watch.status or 0
        if status >= 400:
            return f"the page behind it answers {status}"
        if again.is_sure(before, username) or again.differs(before, username):
            return None
        raise NotCovered(
            f"Whether {username} is in is not known: after the log-in {self.channel.words} shows nothing that only "
            f"somebody sees who is in ({_quoted(again.new_text(before)).rstrip(', ') or 'a page without a word'}).",
            remedy=f'Say what only they see: [{self._section}] inside = "a text", or read it in '
            f"[[{self._section}.who]].",
        )

    def _after_reopening(self, before: Signs) -> Signs:
        """The first page once more, as whoever logged in a moment ago."""
        ends = time.monotonic() + _KNOWN_AGAIN
        self.page_session.go()
        again = Signs.of(self.page_session)
        while again.asks(before) and time.monotonic() < ends:
            self.page.wait_for_timeout(_BETWEEN_LOOKS)
            again = Signs.of(self.page_session)
        return again

    def _shows(self, text: str) -> bool:
        try:
            self.page.get_by_text(text).first.wait_for(timeout=self.page_session.seconds * 1000)
        except self.page_session.browser.timeout_error:
            return False
        return True

    def _taken(
        self,
        verb: str,
        values: Mapping[str, Any],
        doing: str,
        *,
        state: SaleState | None = None,
        may_be_gone: bool = False,
    ) -> dict[str, Any]:
        steps = Steps(self.page_session, {**self._always(), **values}, state=state)
        with self.doing(doing):
            try:
                values_read = steps.take(getattr(self._flows, verb))
            except NotThere:
                if may_be_gone:
                    raise
                raise self.refused(doing, "there is no such page") from None
            except StepStuck as stuck:
                if may_be_gone and self._says_gone():
                    raise NotThere from None
                raise self.refused(doing, f"[{self._section}] {verb}, {stuck}") from None
            except self._troubles:
                if may_be_gone and self._says_gone():
                    raise NotThere from None
                raise
        if may_be_gone and self._says_gone():
            raise NotThere
        return values_read

    @property
    def _troubles(self) -> tuple[type[Exception], ...]:
        return (self.page_session.browser.error, ValueError)

    def _says_gone(self) -> bool:
        return bool(self._flows.gone) and self._flows.gone in self.page_session.see().text

    def _always(self) -> dict[str, Any]:
        target, account = self.page_session.target, self._account
        branch = target.config.canary.branch
        return {
            "username": account.username if account else None,
            "branch": theirs(self._flows.branches, branch) if branch else None,
            "today": target.calendar.date_of(target.now()).isoformat(),
        }

    def _declared(self, verb: str, what: str) -> Flow:
        flow: Flow = getattr(self._flows, verb)
        if not flow:
            raise NotCovered(
                f"The target file does not say how {what} in {self.channel.words}.",
                remedy=f"Declare it in [[{self._section}.{verb}]]; `hypercare record` makes it of a recording.",
            )
        return flow


def _quoted(text: str) -> str:
    return f'it shows "{short(text, 80)}", ' if text else ""
