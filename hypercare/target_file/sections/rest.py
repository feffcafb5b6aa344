"""The [rest] part of a target file: how a system with an API of its own is worked with, without a line of Python."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from hypercare.target_file.business_terms import SaleKind, SaleState, StepState
from hypercare.target_file.section import Expression, Section, Words
from hypercare.target_file.sections.rest_placeholders import check_placeholders
from hypercare.target_file.sections.rest_request import (
    LogIn,
    Lookup,
    Requests,
    WhoRequest,
)
from hypercare.target_file.template import MoneyWritten


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
        check_placeholders(self)
        return self

    def undoes(self, state: SaleState) -> bool:
        """Whether a sale in this state can be undone."""
        return any(not request.when or state in request.when for request in self.undo_sale)
