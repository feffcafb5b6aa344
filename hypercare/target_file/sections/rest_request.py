"""One request that a target file declares, and what its verbs besides the plain ones need: log-in, who, lookups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from hypercare.target_file.business_terms import SaleState
from hypercare.target_file.section import Expression, Pattern, Section, one_or_more

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Statuses = Annotated[tuple[int, ...], BeforeValidator(one_or_more, json_schema_input_type=int | tuple[int, ...])]
SaleStates = Annotated[
    tuple[SaleState, ...], BeforeValidator(one_or_more, json_schema_input_type=SaleState | tuple[SaleState, ...])
]
LogInKind = Literal["form", "bearer", "cookie", "json-rpc", "graphql", "basic", "key"]


class Pages(Section):
    """How a list goes on. `by` "page" counts {page} up from `first`, "offset" counts {offset} up by what came, "cursor"
    puts what `next` finds into {cursor}, "link" asks the address that `next` finds (or the Link header says)."""

    by: Literal["page", "offset", "cursor", "link"]
    first: int = 1
    next: Expression = ""
    most: int = Field(default=10, ge=1, le=100)


class Request(Section):
    """One request. Of `body` (JSON), `form`, `graphql` (with `variables`) and `rpc` (with `params`) it has at most one.

    `answer` finds the record or the list in what comes back. `keep` and `find` take values out of it (by JMESPath, by a
    pattern in the text) for the requests that follow. `into` puts the answer into the record under that name. `when`
    limits a request to sales in these states; `each = "line"` sends it once for every line of the sale. `gives` is what
    stands in the answer of a verb: the whole sale, only its key, or nothing: then it is read. `line` is what one of
    {lines} looks like: a table, or a list.
    """

    method: Method | None = None
    path: str = ""
    query: dict[str, Any] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    form: dict[str, str] | None = None
    graphql: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)
    rpc: str | None = None
    params: Any = None
    line: dict[str, Any] | list[Any] | None = None
    status: Statuses = ()
    error: Expression = ""
    gone: Statuses = (404, 410)
    gone_when: Expression = ""
    answer: Expression = ""
    keep: dict[str, Expression] = Field(default_factory=dict)
    find: dict[str, Pattern] = Field(default_factory=dict)
    into: str = ""
    when: SaleStates = ()
    each: Literal["line"] | None = None
    gives: Literal["sale", "key", "nothing"] = "sale"
    pages: Pages | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Request:
        bodies = [name for name in ("body", "form", "graphql", "rpc") if getattr(self, name) is not None]
        if len(bodies) > 1:
            raise ValueError(f"a request has only one of {' and '.join(bodies)}")
        return self

    @property
    def verb(self) -> str:
        has_body = any(body_form is not None for body_form in (self.body, self.form, self.graphql, self.rpc))
        return self.method or ("POST" if has_body else "GET")

    @property
    def templates(self) -> list[Any]:
        return [self.path, self.query, self.headers, self.body, self.form, self.variables, self.params, self.line]


Requests = Annotated[
    tuple[Request, ...], BeforeValidator(one_or_more, json_schema_input_type=Request | tuple[Request, ...])
]


class LogIn(Request):
    """How somebody logs in. Without a body of its own, {username} and {password} are sent under these names.

    What `kind` says is only what goes without saying: "bearer" looks for `access_token` or `token` and carries it as
    Authorization; "basic" and "key" send no log-in; the others carry their cookies and what `carry` says.

    `before` is asked first (for a token that the form carries). `token` finds the token in the answer, or
    `token_header` names the header of the answer that holds it; `encoded` makes base64 of a template; `carry` are the
    headers that every later request carries; cookies are always kept.
    A clear no is a status of `refused`, an answer in which `refused_when` finds anything, or `refused_text` in it.
    A session has ended when the answer's status is in `ended`, or `ended_when` finds anything.
    """

    kind: LogInKind = "bearer"
    before: Requests = ()
    token: Expression = ""
    token_header: str = ""
    encoded: dict[str, str] = Field(default_factory=dict)
    carry: dict[str, str] = Field(default_factory=dict)
    refused: Statuses = (400, 401, 403, 423)
    refused_when: Expression = ""
    refused_text: str = ""
    ended: Statuses = (401, 403, 302, 303, 307)
    ended_when: Expression = ""

    @model_validator(mode="before")
    @classmethod
    def _with_what_its_kind_implies(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        kind = data.get("kind", "bearer")
        settings = {**_IMPLIED.get(kind, {}), **data}
        says_what_to_send = any(name in data for name in ("body", "form", "graphql", "rpc"))
        if kind in {"form", "bearer", "cookie"} and not says_what_to_send:
            settings["form" if kind == "form" else "body"] = dict(_CREDENTIALS)
        return settings


_CREDENTIALS = {"username": "{username}", "password": "{password}"}
_BEARER = {"carry": {"Authorization": "Bearer {token}"}}
_IMPLIED: dict[Any, dict[str, Any]] = {
    "bearer": {"token": "access_token || token", **_BEARER},
    "basic": {"carry": {"Authorization": "Basic {basic}"}},
}


class WhoRequest(Request):
    """How the system says who is logged in. Without a request, it is read from the answer to the log-in."""

    username: Expression = ""
    role: Expression = ""
    branch: Expression = ""


class Lookup(Request):
    """How a placeholder of this name gets its value: from the entry of the answer whose `match` equals `equals`.

    Without `match` the answer itself is the entry. `value` finds the value in the entry.
    """

    match: Expression = ""
    equals: str = ""
    value: Expression = "id"
