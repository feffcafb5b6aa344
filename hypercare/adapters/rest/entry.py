"""Logging in to a declared system, out of it, and being told who one is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TypeVar

from hypercare.adapters.rest.asking import Asking, SessionEnded
from hypercare.adapters.rest.proof import Proof, asks
from hypercare.adapters.rest.session import Session, leaves, opens, shared, shares_sessions
from hypercare.adapters.rest.values import Values
from hypercare.api.api import Api
from hypercare.clients.client import LogInRefused, Who
from hypercare.http.exchange import Exchange
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account
from hypercare.target_file.expression import found
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.sections.rest_request import LogIn, WhoRequest
from hypercare.target_file.template import filled

T = TypeVar("T")


class Entry:
    """`values` makes the values of a request; `session` is whose turn it is."""

    def __init__(self, api: Api, rest: RestSection, asking: Asking, values: Callable[..., Values]) -> None:
        self._api = api
        self._rest = rest
        self._asking = asking
        self._values = values
        self._came_in_again = False
        self._proof = Proof(api, rest, asking, values)

    @property
    def session(self) -> Session:
        return self._asking.session

    def enter(self, username: str, password: str) -> None:
        """Open a session, or take up the one there is where the system allows only one.

        Raises:
            LogInRefused: a clear no.
            SystemRefused: anything else but a yes.
        """
        if shares_sessions(self._api, self._rest):
            self._asking.session = shared(self._api, username, password)
        else:
            self._asking.session = Session(username, password)
        if not self.session.is_open:
            self._open()
        self.session.clients += 1

    def again(self, doing: Callable[[], T]) -> T:
        """Do it; once more after a new log-in if somebody else's log-in of the same user has ended the session."""
        try:
            return doing()
        except SessionEnded:
            self.session.forget()
            self._open()
        self._came_in_again = True
        try:
            return doing()
        except SessionEnded as ended:
            self._asking.refuse(ended.exchange, ended.doing)
        finally:
            self._came_in_again = False

    def leave(self) -> None:
        """End the session at the system, for everybody who shares it."""
        session, requests = self.session, self._rest.log_out
        if not requests or not session.is_open:
            session.forget()
            return
        values = self._values({})
        leaves(self._api, session)
        for request in requests:
            exchange = self._asking.send(request, values, private=True)
            if self._asking.has_ended(exchange):
                break
            if exchange.status >= 400 or self._asking.error_in(request, exchange):
                self._asking.refuse(exchange, "log out")

    def close(self) -> None:
        """Log out if this was the last client on the session."""
        session = self.session
        if not session.is_open:
            return
        session.clients -= 1
        if session.clients > 0:
            return
        try:
            self.leave()
        finally:
            session.forget()

    def is_taken(self, role: str | None = None, *, by_token: bool = False) -> bool:
        """Whether the system takes the session; `by_token` is whether having been given a token shows it.

        Raises:
            NotCovered: nothing is declared that would tell.
        """
        if not self.session.is_open:
            return False
        taken = self._proof.shows_somebody(role, by_token=by_token)
        if taken is None:
            raise NotCovered(
                "Nothing tells whether a session is still taken.",
                remedy="Give [rest.who] a request that needs a log-in.",
            )
        return taken

    def who(self, account: Account) -> Who:
        """As whom the system knows the session; what it does not tell is taken from the account.

        Raises:
            SessionEnded: where another log-in or log-out of the same user may have ended this one.
        """
        shape, session = self._rest.who, self.session
        if shape is None:
            return self._who_of(WhoRequest(), session.log_in_record, account)
        answer_record = session.log_in_record
        if asks(shape):
            exchange = self._asking.send(shape, self._values({}))
            answer_record = None
            if not self._came_in_again:
                self._asking.require_session(exchange, "say who is logged in")
            if not self._says_nobody(exchange):
                self._asking.require_well(shape, exchange, "say who is logged in")
                answer_record = self._asking.record_of(shape, exchange, "say who is logged in")
            if answer_record is None:
                self._nobody(account, exchange)
        return self._who_of(shape, answer_record, account)

    def _who_of(self, shape: WhoRequest, record: object, account: Account) -> Who:
        from hypercare.adapters.rest.reading import Reading

        reading = Reading(self._rest, self._asking.writing, account.branch)
        username = found(shape.username, record) if shape.username else account.username
        if username is None:
            there = f"; it has {', '.join(map(str, record))}" if isinstance(record, dict) else ""
            raise ValueError(f"nothing at [rest.who] username = {shape.username!r}{there}")
        role = found(shape.role, record) if shape.role else None
        branch = reading.branch(found(shape.branch, record)) if shape.branch else account.branch
        read = {"username": bool(shape.username), "role": role is not None, "branch": bool(shape.branch)}
        is_in = True if shape.username else self._proof.shows_somebody(account.role, by_token=True)
        if is_in is False:
            self.session.forget()
            raise LogInRefused(
                Channel.API,
                f"{account.username} was not let in: nobody is logged in afterwards.",
                where=self._api.section.url,
            )
        return Who(
            str(username),
            account.role if role is None else reading.role(role),
            branch,
            reported=frozenset(part for part, is_read in read.items() if is_read),
            is_shown=is_in is True,
        )

    def _nobody(self, account: Account, exchange: Exchange) -> None:
        """The log-in seemed to go well, but nobody is logged in."""
        self.session.forget()
        if self._rest.log_in.kind in {"form", "cookie", "basic", "key"}:
            # These have no token that would tell a yes from a no: who one is afterwards does.
            raise LogInRefused(
                Channel.API,
                f"{account.username} was not let in: nobody is logged in afterwards.",
                status=exchange.status,
                where=exchange.url,
            )
        self._asking.refuse(exchange, "say who is logged in")

    def _says_nobody(self, exchange: Exchange) -> bool:
        return self._proof.says_nobody(exchange)

    def _open(self) -> None:
        log_in, session = self._rest.log_in, self.session
        session.forget()
        values = self._values({})
        for request in log_in.before:
            exchange = self._asking.send(request, values, private=True)
            self._asking.require_well(request, exchange, "open the log-in")
            values.own.update(self._asking.values_saved_from(request, exchange, "open the log-in"))
        if log_in.kind not in {"basic", "key"}:
            self._send_credentials(log_in, values)
        if log_in.kind == "basic":
            session.saved_values["basic"] = _base64(f"{session.username}:{session.password}")
        for name, template in log_in.encoded.items():
            session.saved_values[name] = _base64(str(filled(template, self._values({}), self._asking.writing)))
        opens(session)
        self._api.target.redactor.learn(list(session.secrets))

    def _send_credentials(self, log_in: LogIn, values: Values) -> None:
        session, doing = self.session, f"log {self.session.username} in"
        exchange = self._asking.send(log_in, values, private=True, may_refuse=429 in log_in.refused)
        self._require_yes(log_in, exchange, doing)
        saved = {**values.own, **self._asking.values_saved_from(log_in, exchange, doing)}
        if log_in.token_header:
            header = exchange.headers.get(log_in.token_header.lower(), "")
            saved["token"] = header.removeprefix("Bearer ").strip()
        elif log_in.token:
            saved["token"] = self._asking.found_in(exchange.json, log_in.token, exchange, doing)
        if (log_in.token or log_in.token_header) and not saved["token"]:
            self._asking.refuse(exchange, doing, "gave no token")
        session.saved_values.update(saved)
        session.log_in_record = self._asking.record_of(log_in, exchange, doing)

    def _require_yes(self, log_in: LogIn, exchange: Exchange, doing: str) -> None:
        no = exchange.status in log_in.refused or bool(log_in.refused_text and log_in.refused_text in exchange.text)
        if not no and log_in.refused_when and exchange.is_json:
            no = bool(self._asking.found_in(exchange.json, log_in.refused_when, exchange, doing))
        error = self._asking.error_in(log_in, exchange)
        well = exchange.status in log_in.status if log_in.status else 200 <= exchange.status < 400
        if not no and well and error and not log_in.refused_when:
            no = True
        if no:
            raise LogInRefused(
                Channel.API,
                f"{self.session.username} was not let in: {error or log_in.refused_text or exchange.status}.",
                status=exchange.status,
                where=exchange.url,
            )
        if not well or error:
            self._asking.refuse(exchange, doing, error=error)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
