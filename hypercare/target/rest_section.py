"""The [rest] part of a target file: how a system with an API of its own is worked with, without a line of Python."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from hypercare.target.door import SaleKind, SaleState, StepState
from hypercare.target.section import Expression, Pattern, Section, Words, one_or_more
from hypercare.target.template import MoneyWritten

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
        given = [name for name in ("body", "form", "graphql", "rpc") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"a request has only one of {' and '.join(given)}")
        return self

    @property
    def verb(self) -> str:
        has_body = any(given is not None for given in (self.body, self.form, self.graphql, self.rpc))
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
    def _with_what_its_kind_implies(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kind = given.get("kind", "bearer")
        settings = {**_IMPLIED.get(kind, {}), **given}
        says_what_to_send = any(name in given for name in ("body", "form", "graphql", "rpc"))
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


class LineShape(Section):
    """One line of a sale in the answers."""

    description: Expression = "description"
    quantity: Expression = "quantity"
    amount: Expression = "amount"


class PaymentShape(Section):
    """One payment of a sale in the answers."""

    method: Expression = "method"
    amount: Expression = "amount"


class SaleShape(Section):
    """Where the parts of a sale stand in the answers. `states` maps our words to theirs, one or several."""

    key: Expression = "id"
    number: Expression = "number"
    state: Expression = "state"
    states: dict[SaleState, Words] = Field(default_factory=dict)
    total: Expression = "total"
    branch: Expression = ""
    reference: Expression = ""
    order: Expression = ""
    lines: Expression = ""
    line: LineShape = LineShape()
    payments: Expression = ""
    payment: PaymentShape = PaymentShape()


class StepShape(Section):
    """One step of a production order in the answers; `sequence` puts the steps in order where they do not come so."""

    key: Expression = "id"
    name: Expression = "name"
    state: Expression = "state"
    states: dict[StepState, Words] = Field(default_factory=dict)
    sequence: Expression = ""


class OrderShape(Section):
    """Where the parts of a production order stand. Of `states` only "cancelled" matters to the suite."""

    key: Expression = "id"
    number: Expression = "number"
    state: Expression = "state"
    states: dict[str, Words] = Field(default_factory=dict)
    progress: Expression = ""
    progress_in: Literal["percent", "share"] = "percent"
    branch: Expression = ""
    steps: Expression = "steps"
    step: StepShape = StepShape()


class RestSection(Section):
    """How the API at [api] url is worked with. Each verb is a table with one request, or a list of them.

    `money` is how amounts are written: "number" (12.5), "text" ("12.50") or "cents" (1250). `error` finds what counts
    as an error in any answer, whatever its status. `branches`, `roles`, `methods` and `kinds` map our words to theirs.
    `rpc_path` and `graphql_path` are where such requests go. `new_sale` is the state in which a sale is born.
    `cannot_undo` says in words why a sale cannot be undone beyond the states that `undo_sale` names.
    `one_session_per_user` is for an API that allows one session while other ways have their own; where it is one in
    all, a person or altogether, that is [target] `sessions`, and this need not be said.
    """

    money: MoneyWritten = "number"
    headers: dict[str, str] = Field(default_factory=dict)
    error: Expression = ""
    one_session_per_user: bool = False
    rpc_path: str = ""
    graphql_path: str = "graphql"
    branches: dict[str, Words] = Field(default_factory=dict)
    roles: dict[str, Words] = Field(default_factory=dict)
    methods: dict[str, Words] = Field(default_factory=dict)
    kinds: dict[SaleKind, Words] = Field(default_factory=dict)
    new_sale: SaleState = "draft"
    cannot_undo: str = ""
    log_in: LogIn
    who: WhoRequest | None = None
    log_out: Requests = ()
    lookup: dict[str, Lookup] = Field(default_factory=dict)
    sale: SaleShape = SaleShape()
    sale_in_list: SaleShape | None = None
    order: OrderShape = OrderShape()
    create_sale: Requests = ()
    finalise_sale: Requests = ()
    read_sale: Requests = ()
    undo_sale: Requests = ()
    list_sales: Requests = ()
    marked_sales: Requests = ()
    order_of_sale: Requests = ()
    read_order: Requests = ()
    start_step: Requests = ()
    finish_step: Requests = ()
    add_cost: Requests = ()

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> RestSection:
        # Imported here: it needs the models above.
        from hypercare.target.rest_placeholders import check_placeholders

        check_placeholders(self)
        return self

    def undoes(self, state: SaleState) -> bool:
        """Whether a sale in this state can be undone."""
        return any(not request.when or state in request.when for request in self.undo_sale)
