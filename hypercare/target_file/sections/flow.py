"""How a web or mobile app is worked with, as steps that a person would take: [web.flow] and [mobile.flow]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from hypercare.target_file.business_terms import SaleKind, SaleState, StepState
from hypercare.target_file.section import Pattern, Section, Words
from hypercare.target_file.sections.rest_placeholders import SALE_VERBS, Problem, custom_error, unknown_in
from hypercare.target_file.sections.rest_request import SaleStates

ACTIONS = ("go", "fill", "choose", "check", "click", "press", "read", "expect")


class FlowStep(Section):
    """One thing that a person does; exactly one of go, fill, choose, check, click, press, read and expect.

    `go` opens an address below that of the app. `fill`, `choose` and `check` name a field by its label, `value` is what
    goes in. `click` names a button, or with `role` a link, a tab ... `press` is a key. `expect` is a text that must
    appear. `read` gives a value a name: from what `role` and `name`, `label`, `css` or `source` lead to, taken by
    `pattern` if there is one. With `table` (its caption, "" for the first) rows are read: `columns` by the words that
    head them, `links` by a pattern on the row's first link. With `css` and `columns` each part that `css` finds is a
    row, and `columns` are css within it.
    """

    go: str | None = None
    fill: str | None = None
    choose: str | None = None
    check: str | None = None
    click: str | None = None
    press: str | None = None
    read: str | None = None
    expect: str | None = None
    value: str = ""
    role: str = ""
    name: str = ""
    label: str = ""
    css: str = ""
    inside: str = Field(default="", description='role and name of what it is in, "group: Line 1"')
    source: Literal["", "address", "title"] = ""
    attribute: str = ""
    pattern: Pattern | None = None
    table: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    links: dict[str, Pattern] = Field(default_factory=dict)
    exact: bool = False
    place: int | None = Field(default=None, description="which of several, the first is 1")
    each: Literal["line"] | None = None
    when: SaleStates = ()
    optional: bool = False
    accept: bool = Field(default=False, description="say yes to the dialog that a click opens")

    @model_validator(mode="after")
    def _one_action(self) -> FlowStep:
        actions = [action for action in ACTIONS if getattr(self, action) is not None]
        if len(actions) != 1:
            raise ValueError(
                f"a step has exactly one of {', '.join(ACTIONS)}; here is {' and '.join(actions) or 'none'}"
            )
        if self.read is not None and not any((self.role, self.label, self.css, self.source, self.table is not None)):
            raise ValueError("say where it is read: role and name, label, css, source or table")
        return self

    @property
    def templates(self) -> list[Any]:
        return [getattr(self, part) for part in (*ACTIONS, "value", "name", "label", "css", "inside", "table")]


Flow = tuple[FlowStep, ...]


class FlowSection(Section):
    """Each verb is a list of steps. Without `log_in`, name and password go into the first fields that fit.

    `decimal_mark` is how the pages write amounts. `states`, `step_states`, `order_states`, `branches`, `roles`,
    `methods` and `kinds` map our words to those on the pages. `gone` is a text that tells that there is no such record,
    `refused` one that tells that the log-in failed, `inside` one that only somebody sees who is in. `cannot_undo` says
    in words why a sale cannot be undone further.
    """

    decimal_mark: Literal[".", ","] = "."
    states: dict[SaleState, Words] = Field(default_factory=dict)
    step_states: dict[StepState, Words] = Field(default_factory=dict)
    order_states: dict[str, Words] = Field(default_factory=dict)
    branches: dict[str, Words] = Field(default_factory=dict)
    roles: dict[str, Words] = Field(default_factory=dict)
    methods: dict[str, Words] = Field(default_factory=dict)
    kinds: dict[SaleKind, Words] = Field(default_factory=dict)
    gone: str = ""
    refused: str = ""
    inside: str = ""
    cannot_undo: str = ""
    log_in: Flow = ()
    who: Flow = ()
    log_out: Flow = ()
    create_sale: Flow = ()
    finalise_sale: Flow = ()
    read_sale: Flow = ()
    undo_sale: Flow = ()
    list_sales: Flow = ()
    read_order: Flow = ()
    start_step: Flow = ()
    finish_step: Flow = ()
    add_cost: Flow = ()

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> FlowSection:
        problems = list(_unknown(self))
        if problems:
            details = [InitErrorDetails(type=custom_error(says), loc=where, input=None) for where, says in problems]
            raise ValidationError.from_exception_data("flow", details)
        return self

    def undoes(self, state: SaleState) -> bool:
        """Whether a sale in this state can be undone."""
        return any(not step.when or state in step.when for step in self.undo_sale)


_ALWAYS = frozenset({"username", "password", "branch", "today"})


def _unknown(flows: FlowSection) -> Iterator[Problem]:
    for verb in ("log_in", "who", *SALE_VERBS):
        if verb not in FlowSection.model_fields:
            continue
        known_names = set(_ALWAYS | SALE_VERBS.get(verb, frozenset()))
        for number, step in enumerate(getattr(flows, verb)):
            line = {"product", "quantity", "discount_percent", "line"} if step.each else set()
            yield from unknown_in(step.templates, known_names | line, (verb, number))
            if step.read:
                known_names.add(step.read)
