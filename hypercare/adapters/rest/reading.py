"""From a record as the system writes it to a sale or an order in the suite's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from hypercare.clients.client import LineSeen, OrderSeen, PaymentSeen, SaleSeen, StepSeen
from hypercare.clients.value_mapping import ours
from hypercare.target_file.business_terms import SaleState, StepState
from hypercare.target_file.expression import found
from hypercare.target_file.sections.rest import OrderShape, RestSection, SaleShape, StepShape
from hypercare.target_file.template import Writing

_SALE_STATES = ("draft", "final", "void")
_STEP_STATES = ("waiting", "started", "done")


class Reading:
    """Every method raises ValueError, with what is missing or strange, for a record that is not what it should be."""

    def __init__(self, rest: RestSection, writing: Writing, own_branch: str | None) -> None:
        self._rest = rest
        self._writing = writing
        self._own_branch = own_branch

    def key(self, record: Any) -> str:
        shape = self._rest.sale
        if isinstance(record, str | int) and not isinstance(record, bool):
            return str(record)
        return str(_needed(shape.key, record, "sale", "key"))

    def sale(self, record: Any, shape: SaleShape | None = None, *, may_be_begun: bool = False) -> SaleSeen:
        """A draft that has only been begun may have no total yet."""
        shape = shape or self._rest.sale
        state = self._state(shape.states, _SALE_STATES, shape.state, record, "sale")
        begun = may_be_begun and state == "draft"
        read, number = self._writing.read, found(shape.number, record)
        reference = found(shape.reference, record) if shape.reference else None
        order = found(shape.order, record) if shape.order else None
        return SaleSeen(
            key=str(_needed(shape.key, record, "sale", "key")),
            number=None if number in (None, "") else str(number),
            state=cast(SaleState, state),
            total=read((found(shape.total, record) or 0) if begun else _needed(shape.total, record, "sale", "total")),
            branch=self.branch(found(shape.branch, record)) if shape.branch else None,
            reference=None if reference is None else str(reference),
            lines=tuple(
                LineSeen(
                    str(found(shape.line.description, line) or ""),
                    Decimal(str(_needed(shape.line.quantity, line, "line", "quantity"))),
                    read(_needed(shape.line.amount, line, "line", "amount")),
                )
                for line in _listed(shape.lines, record, "lines")
            ),
            payments=tuple(
                PaymentSeen(
                    self._method(found(shape.payment.method, paid)),
                    read(_needed(shape.payment.amount, paid, "payment", "amount")),
                )
                for paid in _listed(shape.payments, record, "payments")
            ),
            order=None if order in (None, "") else str(order),
            raw_record=record,
        )

    def order(self, record: Any) -> OrderSeen:
        shape = self._rest.order
        key = str(_needed(shape.key, record, "production order", "key"))
        number = found(shape.number, record)
        state = _needed(shape.state, record, "production order", "state")
        return OrderSeen(
            key=key,
            number=str(number) if number not in (None, "") else key,
            state=ours(shape.states, state) or str(state).lower(),
            progress=self._progress(shape, record),
            branch=self.branch(found(shape.branch, record)) if shape.branch else None,
            steps=tuple(self._step(shape.step, step) for step in _in_sequence(shape, record)),
        )

    def branch(self, system_value: Any) -> str | None:
        """The branch in our words. Of several that a record belongs to, one's own; else the first."""
        named = [
            self._branch_word(one)
            for one in (system_value if isinstance(system_value, list) else [system_value])
            if one is not None
        ]
        if self._own_branch in named:
            return self._own_branch
        return named[0] if named else None

    def role(self, system_value: Any) -> str:
        return ours(self._rest.roles, system_value) or str(system_value)

    def _branch_word(self, system_value: Any) -> str:
        return ours(self._rest.branches, system_value) or str(system_value)

    def _method(self, system_value: Any) -> str:
        return ours(self._rest.methods, system_value) or str(system_value)

    def _step(self, shape: StepShape, record: Any) -> StepSeen:
        key = str(_needed(shape.key, record, "step", "key"))
        state = self._state(shape.states, _STEP_STATES, shape.state, record, "step")
        return StepSeen(key, str(found(shape.name, record) or key), cast(StepState, state))

    def _state(
        self, states: Mapping[Any, tuple[str, ...]], our_words: tuple[str, ...], expression: str, record: Any, what: str
    ) -> str:
        system_value = found(expression, record)
        state = ours(states, system_value)
        if state is None and str(system_value).lower() in our_words:
            state = str(system_value).lower()
        if state is None:
            section = "rest.sale.states" if what == "sale" else "rest.order.step.states"
            raise ValueError(f"a {what} in the state {system_value!r}, which [{section}] does not name")
        return state

    def _progress(self, shape: OrderShape, record: Any) -> int | None:
        progress = found(shape.progress, record) if shape.progress else None
        if progress is None:
            return None
        return round(float(progress) * (100 if shape.progress_in == "share" else 1))


def _in_sequence(shape: OrderShape, record: Any) -> list[Any]:
    steps = _listed(shape.steps, record, "steps")
    if shape.step.sequence:
        steps.sort(key=lambda step: _sortable(found(shape.step.sequence, step)))
    return steps


def _sortable(value: Any) -> tuple[int, float, str]:
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value))


def _needed(expression: str, record: Any, what: str, part: str) -> Any:
    value = found(expression, record) if isinstance(record, Mapping | list) else None
    if value is None:
        raise ValueError(f"a {what} without its {part} (looked for {expression!r})")
    return value


def _listed(expression: str, record: Any, part: str) -> list[Any]:
    if not expression:
        return []
    value = found(expression, record)
    if value is None:
        return []
    if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
        raise ValueError(f"{part} that are no list")
    return list(value)
