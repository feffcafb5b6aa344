"""Tryton's JSON-RPC: one address for every method, the session in a header, refusals in an answer of status 200."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypercare.api.api import Api
from hypercare.clients.client import LogInRefused, SystemRefused
from hypercare.http.exchange import Exchange, short
from hypercare.outcome.signals import ChannelDown
from hypercare.target_file.business_terms import Channel

_PATH = "rpc/"
_SAID_NO = {401, 403, 429}


class Session:
    """One person's session. The address of the API in the target file ends in the name of the database."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._header: str | None = None
        self.user = 0
        self.context: dict[str, Any] = {}

    @property
    def is_open(self) -> bool:
        return self._header is not None

    def headers(self) -> Mapping[str, str]:
        return {"authorization": self._header} if self._header else {}

    def log_in(self, username: str, password: str) -> None:
        """Raises LogInRefused when the name and password are not taken, SystemRefused for any other answer."""
        # Blanked in the evidence by its key: what is named like a secret is never shown.
        exchange = self._tried(username, [username, {"password": password}, "en"])
        if exchange.status in _SAID_NO:
            reason = "too many attempts" if exchange.status == 429 else "wrong name or password"
            raise LogInRefused(
                Channel.API,
                f"{username} was not let in: {reason}.",
                status=exchange.status,
                where=exchange.url,
            )
        result = self._result(exchange, f"log {username} in")
        if not isinstance(result, list) or len(result) < 2 or not isinstance(result[0], int) or not result[1]:
            raise self._refused(exchange, f"log {username} in", "gave no session")
        self._api.target.redactor.learn([str(result[1])])
        header = base64.b64encode(f"{username}:{result[0]}:{result[1]}".encode()).decode()
        self._api.target.redactor.learn([header])
        self._header = f"Session {header}"
        self.user = result[0]
        self.context = dict(self.ask("model.res.user.get_preferences", [True, {}], "say who is logged in"))

    def _tried(self, username: str, parameters: Sequence[Any]) -> Exchange:
        """The answer to a log-in. Tryton holds it back after failed attempts, for up to half a minute: no outage."""
        try:
            return self._post("common.db.login", parameters)
        except ChannelDown:
            body = {"id": 1, "method": "common.server.version", "params": []}
            exchange = self._api.send("POST", f"../{_PATH}", body=body, name="common.server.version")
            raise LogInRefused(
                Channel.API,
                f"{username} was not let in: the answer is held back, as it is after failed attempts.",
                where=exchange.url,
            ) from None

    def log_out(self) -> None:
        exchange = self._post("common.db.logout", [])
        if exchange.status not in {200, 401, 403}:
            raise self._refused(exchange, "log out")

    def forget(self) -> None:
        self._header = None
        self.context = {}

    def is_taken(self) -> bool:
        """Whether the system still takes this session."""
        exchange = self._post("model.res.user.get_preferences", [True, {}])
        if exchange.status in {401, 403}:
            return False
        self._result(exchange, "say who is logged in")
        return True

    def call(self, model: str, method: str, *arguments: Any, doing: str) -> Any:
        """A method of a model, in the person's own context. Raises SystemRefused with what Tryton says."""
        return self.ask(f"model.{model}.{method}", [*arguments, self.context], doing)

    def found(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], *, doing: str, most: int = 100
    ) -> list[dict[str, Any]]:
        """The newest records that a domain chooses."""
        rows = self.call(model, "search_read", list(domain), 0, most, [["id", "DESC"]], list(fields), doing=doing)
        return [dict(row) for row in rows]

    def ask(self, method: str, parameters: Sequence[Any], doing: str) -> Any:
        return self._result(self._post(method, parameters), doing)

    def _post(self, method: str, parameters: Sequence[Any]) -> Exchange:
        body = {"id": 1, "method": method, "params": list(parameters)}
        return self._api.send("POST", _PATH, body=body, headers=self.headers(), name=method)

    def _result(self, exchange: Exchange, doing: str) -> Any:
        body = exchange.json
        if exchange.status != 200 or not isinstance(body, dict) or "result" not in body or body.get("error"):
            raise self._refused(exchange, doing)
        return plain(body["result"])

    def _refused(self, exchange: Exchange, doing: str, what: str = "") -> SystemRefused:
        reason = _reason(exchange)
        what = what or f"answered {exchange.status}" + (f" ({reason})" if reason else "")
        return SystemRefused(
            Channel.API,
            f"The API was asked to {doing} and {what}.",
            status=exchange.status,
            where=f"{exchange.method} {exchange.url}",
        )


def _reason(exchange: Exchange) -> str:
    """What a refusal says: Tryton tells it as ["UserError", [message, description, ...]]."""
    error = exchange.json.get("error") if isinstance(exchange.json, dict) else None
    if isinstance(error, list) and error:
        words = error[1] if len(error) > 1 else ""
        first = words[0] if isinstance(words, list) and words else words
        return short(f"{error[0]}: {first}", 160)
    return "a web page" if exchange.looks_like_a_page else short(exchange.text, 80)


def plain(value: Any) -> Any:
    """An answer with its decimals and dates read, objects that name their class; what else it is stays as it came."""
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
    return {key: plain(entry) for key, entry in value.items()}


def decimal(value: Decimal) -> dict[str, str]:
    return {"__class__": "Decimal", "decimal": str(value)}


def day(value: date) -> dict[str, object]:
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
