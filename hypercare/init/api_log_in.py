"""Which operations of an API log in, log out, and tell who one is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypercare.init.api_operations import Operation, Part, words_in
from hypercare.init.api_parts import CODES, is_branch, record_of
from hypercare.init.api_requests import SOMEBODY_HAS_TO_SAY, request_for
from hypercare.init.rest_proposal import TableProposal

_PASSWORD = {"password", "secret", "passwd", "pwd", "pass", "pin", "kennwort", "passwort"}
_NAME = {"username", "login", "email", "user", "name", "handle", "account", "mail"}
_NOT_A_LOG_IN = {"register", "signup", "reset", "change", "forgot", "create", "invite", "users", "user"}
_LOG_OUT = {"logout", "signout", "logoff", "abmelden"}
_WHO = {"me", "whoami", "profile", "userinfo", "viewer", "myself"}
_TOKEN = ("access_token", "accesstoken", "token", "auth_token", "authtoken", "jwt", "access", "bearer", "id_token")
# Tokens that say who asks to somebody else, or only later.
_OTHER_TOKENS = {"refresh", "csrf", "xsrf", "reset", "push", "device", "verification", "renew"}


def log_in_tables(operations: Sequence[Operation], schemes: Sequence[tuple[str, str]]) -> Iterator[TableProposal]:
    found = [(sure, one) for one in operations if (sure := _like_a_log_in(one)) > 0]
    if found:
        sure, operation = max(found, key=lambda one: one[0])
        yield _log_in_by(operation, sure, any(kind == "bearer" for kind, _ in schemes))
    else:
        for kind, header in (one for one in schemes if one[0] != "bearer"):
            settings: dict[str, Any] = {"kind": kind}
            if kind == "key":
                settings["carry"] = {header: "{password}"}
            yield TableProposal("log_in", settings, 0.8, "its description says so", "")
            break
    who = next((one for one in operations if _is_who(one)), None)
    if who is not None:
        yield _who(who)
    out = next((one for one in operations if _is_log_out(one, found)), None)
    if out is not None:
        yield TableProposal("log_out", request_for(out, {}), 0.8, f"{out.words}, by its name")


def _like_a_log_in(operation: Operation) -> float:
    secret = any(words_in(one.name) & _PASSWORD for one in operation.parameters)
    name = any(words_in(one.name) & _NAME for one in operation.parameters)
    if not secret or not name or operation.about_one or operation.method in {"GET", "query", "DELETE"}:
        return 0.0
    if words_in(operation.resource) & _NOT_A_LOG_IN or operation.does & {"register", "signup", "reset", "change"}:
        return 0.0
    return 0.95 if _token_in(operation.answer) else 0.8


def _log_in_by(operation: Operation, sure: float, by_token: bool) -> TableProposal:
    values = {}
    for one in operation.parameters:
        words = words_in(one.name)
        if words & _PASSWORD:
            values[one.name] = "{password}"
        elif words & _NAME and "{username}" not in values.values():
            values[one.name] = "{username}"
        elif words & {"granttype"}:
            values[one.name] = "password"
    gaps = [one.name for one in operation.parameters if one.required and one.name not in values]
    token = _token_in(operation.answer)
    is_form = any(one.place == "form" for one in operation.parameters)
    bearer = bool(token) or by_token
    kind = "graphql" if operation.is_graphql else "bearer" if bearer else "form" if is_form else "cookie"
    if kind == "bearer" and not token:
        gaps.append("the path of the token in the answer ([rest.log_in] token)")
    settings = {"kind": kind, **request_for(operation, values)}
    if token:
        settings["token"] = f"data.{operation.path}.{token}" if operation.is_graphql else token
        if kind == "graphql":
            settings["carry"] = {"Authorization": "Bearer {token}"}
    held_back = SOMEBODY_HAS_TO_SAY.format(f"what {' and '.join(gaps)} is") if gaps else ""
    return TableProposal("log_in", settings, sure, f"{operation.words} takes a name and a password", held_back)


def _token_in(answer: Part) -> str:
    """The path of the token in an answer: by its exact name before anything that merely ends so."""
    plain = [one for one in answer.parts if one.kind in {"text", "unknown"} and not words_in(one.name) & _OTHER_TOKENS]
    named = {one.name.lower().replace("-", "_"): one.name for one in plain}
    for name in _TOKEN:
        if name in named:
            return named[name]
    ending = next((one.name for one in plain if one.name.lower().endswith("token")), "")
    if ending:
        return ending
    for one in answer.parts:
        inner = _token_in(one) if one.kind == "record" else ""
        if inner:
            return f"{one.name}.{inner}"
    return ""


def _is_who(operation: Operation) -> bool:
    words = words_in(operation.path.rstrip("/").rpartition("/")[2])
    return operation.method in {"GET", "query"} and not operation.about_one and bool(words & _WHO)


def _who(operation: Operation) -> TableProposal:
    record, _ = record_of(operation.answer)
    settings = request_for(operation, {})
    names = {one.name for one in record.parts}
    name = next((one for one in ("username", "login", "email", "handle", "identifier", "name") if one in names), "")
    role = next(
        (one.name for one in record.parts if words_in(one.name) & {"role", "job", "duty", "position", "group"}), ""
    )
    settings |= {key: value for key, value in (("username", name), ("role", role)) if value}
    branch = next((one for one in record.parts if is_branch(one)), None)
    if branch is not None:
        code = next((one for one in CODES if one in {part.name for part in branch.parts}), "")
        several = "[]" if branch.kind == "list" and code else ""
        settings["branch"] = f"{branch.name}{several}.{code}" if code else branch.name
    return TableProposal("who", settings, 0.85 if name else 0.6, f"{operation.words}, by its name")


def _is_log_out(operation: Operation, log_ins: Sequence[tuple[float, Operation]]) -> bool:
    if operation.about_one or operation.method in {"GET", "query"}:
        return False
    where = {one.path for _, one in log_ins}
    named = words_in(operation.path.rstrip("/").rpartition("/")[2]) & _LOG_OUT
    return bool(named) or (operation.method == "DELETE" and operation.path in where)
