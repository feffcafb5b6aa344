"""Sending the declared requests and judging the answers, whatever shape the system gives its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from hypercare.adapters.rest.session import Session, shares_sessions, was_left_since
from hypercare.adapters.rest.values import Values
from hypercare.api.api import Api
from hypercare.clients.client import SystemRefused
from hypercare.http.exchange import Exchange, short
from hypercare.http.throttling import require_not_throttled
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.expression import decided_on, found
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.sections.rest_request import Request
from hypercare.target_file.template import Writing, filled, path_filled


@dataclass(frozen=True)
class Answer:
    """`record` is what the request's `answer` found; `is_gone` says that there is no such record."""

    exchange: Exchange
    record: Any
    is_gone: bool = False


class Steps:
    """Watches the requests of a verb, one after another."""

    def taken(self, request: Request, send: Callable[[], Answer]) -> Answer:
        return send()


class SessionEnded(Exception):
    """The system no longer takes the session; `doing` is what it was asked for."""

    def __init__(self, exchange: Exchange, doing: str) -> None:
        super().__init__(exchange.status)
        self.exchange = exchange
        self.doing = doing


class Asking:
    """`session` may be exchanged; whoever asks gives the words for what is `doing` ("create a sale")."""

    def __init__(self, api: Api, rest: RestSection) -> None:
        self._api = api
        self._rest = rest
        self.session = Session()
        self.writing = Writing(rest.money, api.target.config.business.minor_units)

    def in_turn(self, requests: Sequence[Request], values: Values, doing: str, steps: Steps | None = None) -> Answer:
        """All requests of a verb; the answer to the last that is not laid into another, with those that are in it."""
        steps = steps or Steps()
        main: Answer | None = None
        laid: dict[str, Any] = {}
        for request in requests:
            for more in _each(request, values):
                here = values.with_more(more) if more else values
                answer = steps.taken(request, partial(self.once, request, here, doing))
                if answer.is_gone:
                    return answer
                self._keep(request, answer, values, doing)
                if request.into:
                    laid[request.into] = answer.record
                else:
                    main = answer
        assert main is not None
        if laid:
            whole = main.record if isinstance(main.record, Mapping) else {}
            return Answer(main.exchange, {**whole, **laid})
        return main

    def once(self, request: Request, values: Values, doing: str) -> Answer:
        """Raises SystemRefused when the system says no, SessionEnded when it no longer knows who asks."""
        exchange = self.send(request, values)
        self.require_session(exchange, doing)
        if self.is_gone(request, exchange):
            return Answer(exchange, None, is_gone=True)
        self.require_well(request, exchange, doing)
        return Answer(exchange, self.record_of(request, exchange, doing))

    def send(
        self, request: Request, values: Values, *, url: str = "", private: bool = False, may_refuse: bool = False
    ) -> Exchange:
        """`may_refuse` is whether being asked too much is the system's way to say no.

        Raises:
            Throttled: it takes no more requests from us.
        """
        rest, writing = self._rest, self.writing
        headers = {**rest.headers, **rest.log_in.carry} if self.session.is_open else dict(rest.headers)
        made: dict[str, str] = filled({**headers, **request.headers}, values, writing)
        if self.session.cookies:
            made.setdefault("cookie", self.session.cookie_header)
        form = filled(request.form, values, writing)
        exchange = self._api.send(
            request.verb,
            url or self._address(request, values),
            body=self._body(request, values),
            form=None if form is None else {name: _text(value) for name, value in form.items()},
            headers={name: _text(value) for name, value in made.items() if value is not None},
            private=private,
        )
        if not may_refuse and exchange.status not in request.status:
            require_not_throttled(exchange)
        self.session.learn(exchange)
        return exchange

    def require_well(self, request: Request, exchange: Exchange, doing: str) -> None:
        """Raises SystemRefused for a wrong status, or an error in the answer whatever its status is."""
        right = exchange.status in request.status if request.status else 200 <= exchange.status < 300
        error = self.error_in(request, exchange)
        if not right or error:
            self.refuse(exchange, doing, error=error)

    def error_in(self, request: Request, exchange: Exchange) -> str:
        """What an answer says of an error; empty when it tells of none.

        What is declared comes on top of what any answer may say; only a name that it compares or filters it decides on.
        """
        expression = request.error or self._rest.error
        if not exchange.is_json:
            return ""
        error = self._found(expression, exchange, "an error") if expression else None
        if error:
            return short(_text(error))
        return exchange.error_besides(decided_on(expression)) or ""

    def record_of(self, request: Request, exchange: Exchange, doing: str) -> Any:
        if not exchange.is_json:
            if request.gives == "nothing" or not exchange.text.strip():
                return None
            if exchange.looks_like_a_page and (request.answer or request.keep):
                self.refuse(exchange, doing, "sent a web page where JSON is right")
            return None
        expression = request.answer
        if not expression and request.rpc is not None:
            expression = "result"
        if not expression and request.graphql is not None:
            expression = "data.* | [0]"
        return self._found(expression, exchange, doing)

    def has_ended(self, exchange: Exchange) -> bool:
        """Whether an answer says that nobody is logged in."""
        log_in = self._rest.log_in
        if exchange.status in log_in.ended:
            return True
        return bool(log_in.ended_when and exchange.is_json and self._found(log_in.ended_when, exchange, "a session"))

    def require_session(self, exchange: Exchange, doing: str) -> None:
        """Raises SessionEnded where another of our clients may have ended the session: by logging in, where there is
        only one session per user, or by logging out, where that ends all of them."""
        may_be_ended = shares_sessions(self._api, self._rest) or was_left_since(self._api, self.session)
        if may_be_ended and self.session.is_open and self.has_ended(exchange):
            raise SessionEnded(exchange, doing)

    def refuse(self, exchange: Exchange, doing: str, what: str = "", *, error: str = "") -> NoReturn:
        error = error or exchange.error_in_body or ("a web page" if exchange.looks_like_a_page else "")
        error = error or short(exchange.text, 80)
        what = what or f"answered {exchange.status}" + (f" ({error})" if error else "")
        trace = next(
            (exchange.headers[name] for name in ("x-trace-id", "x-request-id") if name in exchange.headers), ""
        )
        raise SystemRefused(
            Channel.API,
            f"The API was asked to {doing} and {what}.",
            status=exchange.status,
            where=f"{exchange.method} {exchange.url}",
            detail=f"trace id {trace}" if trace else "",
        )

    def is_gone(self, request: Request, exchange: Exchange) -> bool:
        if exchange.status in request.gone and exchange.status not in request.status:
            return True
        return bool(request.gone_when and exchange.is_json and self._found(request.gone_when, exchange, "a record"))

    def _keep(self, request: Request, answer: Answer, values: Values, doing: str) -> None:
        values.own.update(self.values_saved_from(request, answer.exchange, doing))

    def values_saved_from(self, request: Request, exchange: Exchange, doing: str) -> dict[str, Any]:
        """The values that a request takes out of its answer.

        Raises:
            SystemRefused: one of them is not there.
        """
        values: dict[str, Any] = {}
        for name, expression in request.keep.items():
            values[name] = self._found(expression, exchange, doing) if exchange.is_json else None
        for name, pattern in request.find.items():
            match = re.search(pattern, exchange.text)
            values[name] = match[1] if match else None
        missing = [name for name, value in values.items() if value is None]
        if missing:
            self.refuse(exchange, doing, f"gave no {', '.join(missing)}")
        return values

    def _address(self, request: Request, values: Values) -> str:
        path = request.path
        if not path:
            path = (
                self._rest.rpc_path if request.rpc is not None else self._rest.graphql_path if request.graphql else ""
            )
        path = path_filled(path, values, self.writing)
        query = {
            name: _text(value)
            for name, value in filled(request.query, values, self.writing).items()
            if value is not None and value != ""
        }
        if not query:
            return path
        from urllib.parse import urlencode

        return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}"

    def _body(self, request: Request, values: Values) -> Any:
        if request.line is not None and "lines" in values.own:
            lines = [filled(request.line, values.with_more(line), self.writing) for line in values.own["lines"]]
            values = values.with_more({"lines": lines})
        if request.graphql is not None:
            return {"query": request.graphql, "variables": filled(request.variables, values, self.writing)}
        if request.rpc is not None:
            params = filled(request.params if request.params is not None else [], values, self.writing)
            return {"jsonrpc": "2.0", "id": 1, "method": request.rpc, "params": params}
        return None if request.body is None else filled(request.body, values, self.writing)

    def _found(self, expression: str, exchange: Exchange, doing: str) -> Any:
        return self.found_in(exchange.json, expression, exchange, doing)

    def found_in(self, part: Any, expression: str, exchange: Exchange, doing: str) -> Any:
        """What an expression finds in a part of an answer.

        Raises:
            SystemRefused: it cannot work on what came.
        """
        try:
            return found(expression, part)
        except ValueError as error:
            self.refuse(exchange, doing, f"sent something else: {error}")


def _each(request: Request, values: Values) -> Iterator[Mapping[str, Any]]:
    if request.each == "line":
        yield from values.own.get("lines", ())
    else:
        yield {}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
