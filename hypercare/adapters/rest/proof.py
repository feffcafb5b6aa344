"""Whether somebody is logged in: shown by what only somebody who is in gets to see, not by the lack of a no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypercare.adapters.rest.asking import Asking
from hypercare.adapters.rest.session import Session
from hypercare.adapters.rest.values import Values
from hypercare.api.api import Api
from hypercare.clients.client import SystemRefused
from hypercare.http.exchange import Exchange
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.sections.rest_request import Request, WhoRequest

_NO_RIGHT = 403


class Proof:
    """Compares an answer to the session with the answer to nobody."""

    def __init__(self, api: Api, rest: RestSection, asking: Asking, values: Callable[..., Values]) -> None:
        self._api = api
        self._rest = rest
        self._asking = asking
        self._values = values

    def shows_somebody(self, role: str | None, *, by_token: bool) -> bool | None:
        """Whether the session is somebody's; None where nothing is declared that would tell. `by_token` is whether that
        a token was given shows it: after a log-out it shows nothing."""
        who = self._rest.who
        if who is not None and asks(who):
            is_somebody = self._is_somebody(who)
            if not is_somebody or who.username:
                return is_somebody
        if by_token and self._asking.session.saved_values.get("token"):
            return True
        differs = None
        for request in self._that_need_a_log_in(role):
            differs = self._differs_for_nobody(request)
            if differs:
                return True
        return differs

    def says_nobody(self, exchange: Exchange) -> bool:
        if self._asking.has_ended(exchange):
            return True
        log_in = self._rest.log_in
        # Systems that tell of errors in an answer of status 200 tell of this one so, too.
        in_answer = log_in.kind in {"graphql", "json-rpc"} and not log_in.ended_when
        return in_answer and exchange.status == 200 and bool(self._asking.error_in(log_in, exchange))

    def _is_somebody(self, who: WhoRequest) -> bool:
        exchange = self._asking.send(who, self._values({}))
        if self.says_nobody(exchange):
            return False
        self._asking.require_well(who, exchange, "say who is logged in")
        return self._asking.record_of(who, exchange, "say who is logged in") is not None

    def _that_need_a_log_in(self, role: str | None) -> Iterator[Request]:
        """Requests that only read, and that this role is answered."""
        if self._rest.who is not None and asks(self._rest.who):
            yield self._rest.who
        for endpoint in self._api.section.endpoints:
            if endpoint.as_role and role in (None, endpoint.as_role) and endpoint.method == "GET":
                path = self._api.moment().filled(endpoint.path)
                yield Request(path=path.replace("{", "{{").replace("}", "}}"), status=(endpoint.status,))
        yield from (request for request in self._rest.list_sales[:1] if request.verb == "GET")

    def _differs_for_nobody(self, request: Request) -> bool | None:
        """None where the answer tells neither: it is the same for everybody, differs each time, or is refused for want
        of a right."""
        mine = self._answer(request)
        nobodys = self._answer_to_nobody(request)
        if mine is None or nobodys is None:
            return None
        if self.says_nobody(mine):
            return None if mine.status == _NO_RIGHT else False
        if not 200 <= mine.status < 300 or self._asking.error_in(request, mine) or mine.looks_like_a_page:
            return None
        if nobodys.status != mine.status or self._asking.error_in(request, nobodys) or nobodys.looks_like_a_page:
            return True
        if nobodys.text == mine.text:
            return None
        again = (self._answer(request), self._answer_to_nobody(request))
        is_steady = [one.text if one else None for one in again] == [mine.text, nobodys.text]
        return True if is_steady else None

    def _answer(self, request: Request) -> Exchange | None:
        try:
            return self._asking.send(request, self._values({"query": ""}))
        except (SystemRefused, NotCovered):
            return None

    def _answer_to_nobody(self, request: Request) -> Exchange | None:
        with self._as_nobody():
            return self._answer(request)

    @contextmanager
    def _as_nobody(self) -> Iterator[None]:
        own = self._asking.session
        self._asking.session = Session()
        try:
            yield
        finally:
            self._asking.session = own


def asks(who: WhoRequest) -> bool:
    return bool(who.path or who.graphql is not None or who.rpc is not None)
