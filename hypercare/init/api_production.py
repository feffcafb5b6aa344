"""Which operation of an API reads a production order, moves its steps, and enters a cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from hypercare.init.api_operations import Operation, Part, parts_of
from hypercare.init.api_parts import best, is_note, is_quantity, is_total, key_of, record_of
from hypercare.init.api_requests import SOMEBODY_HAS_TO_SAY, answer_of, is_key, request_for
from hypercare.init.names import load_vocabulary, table_says
from hypercare.init.rest_proposal import TableProposal
from hypercare.init.words import words_of

_START = {"start", "begin", "starten", "launch", "beginnen", "commencer", "iniciar"}
_FINISH = {"finish", "complete", "end", "done", "close", "stop", "abschliessen", "terminer", "terminar"}
_STATES = {"state", "status", "mark", "stage", "phase"}
_SHARES = {"share", "fraction", "ratio"}
_COST = {"cost", "costs", "expense", "expenses", "spend", "spending", "charge", "charges"}
_LOOKS = {"GET", "query"}


def production_tables(operations: Sequence[Operation], sale: Part | None) -> Iterator[TableProposal]:
    """The tables of [rest] that are about production; none where no order with steps can be read.

    `sale` is the record of a sale: it has to tell which order is its own.
    """
    found = next(((one, steps) for one in operations if (steps := _steps_read(one)) is not None), None)
    if found is None:
        return
    read, steps = found
    record, _ = record_of(read.answer)
    order_words = _thing(read.resource) | _thing(record.name)
    if sale is not None and order_in(sale, order_words):
        yield TableProposal("sale", {"order": order_in(sale, order_words)}, 0.7, "")
        held_back = ""
    else:
        held_back = SOMEBODY_HAS_TO_SAY.format("where a sale tells its production order, as order in [rest.sale]")
    yield TableProposal("order", _order_shape(record, steps, read), 0.8, f"as {read.words} tells it")
    yield TableProposal("order.step", _step_shape(steps), 0.8, f"as {read.words} tells each of {steps.name}")
    request = {**request_for(read, {}, "{order}"), **answer_of(read)}
    yield TableProposal("read_order", request, 0.85, f"{read.words} tells one with its steps", held_back)
    changing = [one for one in operations if one.method not in _LOOKS and one is not read]
    yield from _moves(changing, steps, order_words, held_back)
    yield from _costs(changing, order_words, held_back)


def order_in(sale: Part, order_words: frozenset[str]) -> str:
    """Where the record of a sale holds the key of its order; empty where it does not."""
    for one in sale.parts:
        about = _thing(one.name)
        if not (about & order_words) and table_says(one.name, load_vocabulary().entities["production_order"]) < 0.6:
            continue
        if one.kind == "record" and one.parts:
            return f"{one.name}.{key_of(one)}"
        if not one.parts and one.kind in {"text", "whole", "unknown"}:
            return one.name
    return ""


def _thing(name: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in parts_of(name)) - {"id", "uuid", "key", ""}


def _steps_read(operation: Operation) -> Part | None:
    """The list of steps in the answer of what reads one record; lines of a sale have a quantity."""
    if operation.method not in _LOOKS or not operation.about_one or operation.answer.kind == "list":
        return None
    record, _ = record_of(operation.answer)
    lists = [one for one in record.parts if one.kind == "list" and one.parts]
    return next(
        (one for one in lists if _state_in(one, "step") is not None and not any(is_quantity(p) for p in one.parts)),
        None,
    )


def _state_in(record: Part, entity: str) -> Part | None:
    named = [one for one in record.parts if not one.parts and one.name.lower() in _STATES]
    return next((one for one in named if one.words), None) or best(record, entity, "state") or next(iter(named), None)


def _order_shape(record: Part, steps: Part, read: Operation) -> dict[str, Any]:
    shape: dict[str, Any] = {"key": key_of(record, read.keys), "steps": steps.name}
    number, state = _number_in(record, read), _state_in(record, "production_order")
    progress = best(record, "production_order", "progress") or next(
        (p for p in record.parts if p.name in _SHARES), None
    )
    if number is not None:
        shape["number"] = number.name
    if state is not None:
        shape["state"] = state.name
        cancelled = words_of("production_order", "state", state.words).of.get("cancelled") if state.words else None
        shape |= {"states": {"cancelled": cancelled}} if cancelled else {}
    if progress is not None:
        shape["progress"] = progress.name
        shape |= {"progress_in": "share"} if progress.name.lower() in _SHARES else {}
    return shape


def _number_in(record: Part, read: Operation) -> Part | None:
    """What people call it: by its name, else the first text that is neither key nor state."""
    plain = [one for one in record.parts if one.kind == "text" and not one.words and not is_key(one)]
    others = (one for one in plain if one.name.lower() not in _STATES)
    return best(record, "production_order", "number", read.resource) or next(others, None)


def _step_shape(steps: Part) -> dict[str, Any]:
    state = _state_in(steps, "step")
    assert state is not None
    name = best(steps, "step", "name") or next((p for p in steps.parts if p.name in {"label", "title"}), None)
    sequence = best(steps, "step", "sequence")
    shape: dict[str, Any] = {"key": key_of(steps), "state": state.name}
    if state.words:
        shape["states"] = words_of("step", "state", state.words).of
    if name is not None:
        shape["name"] = name.name
    return shape if sequence is None else {**shape, "sequence": sequence.name}


def _moves(
    changing: Sequence[Operation], steps: Part, order_words: frozenset[str], held_back: str
) -> Iterator[TableProposal]:
    about = [one for one in changing if _is_of_step(one, steps, order_words)]
    for verb, words, state in (("start_step", _START, "started"), ("finish_step", _FINISH, "done")):
        for one in about:
            by_name = bool((one.does - {one.method.lower()}) & words)
            state_parameter = None if by_name else _state_parameter(one, state)
            if by_name or state_parameter is not None:
                yield _moved(verb, one, order_words, state_parameter, held_back)
                break


def _is_of_step(operation: Operation, steps: Part, order_words: frozenset[str]) -> bool:
    """It is asked of one step: below an order, or by what steps are called."""
    called = _thing(steps.name)
    if operation.is_graphql:
        return bool(_thing(operation.resource) & called) and any(is_key(one) for one in operation.parameters)
    segments = {word for part in operation.path.split("/") if not part.startswith("{") for word in _thing(part)}
    return bool(segments & called) and bool(operation.keys) and (len(operation.keys) == 2 or not segments & order_words)


def _state_parameter(operation: Operation, ours: str) -> tuple[str, str] | None:
    """The field that takes a state, and their word for ours."""
    for one in operation.parameters:
        theirs = words_of("step", "state", one.words).of.get(ours) if one.words else None
        if theirs:
            return one.name, str(theirs[0])
    return None


def _moved(
    verb: str, one: Operation, order_words: frozenset[str], state_parameter: tuple[str, str] | None, held_back: str
) -> TableProposal:
    values = _key_parameters(one, order_words, "{step}") | (dict([state_parameter]) if state_parameter else {})
    gaps = [part.name for part in one.parameters if part.required and part.name not in values]
    held_back = SOMEBODY_HAS_TO_SAY.format(f"what {' and '.join(gaps)} is") if gaps else held_back
    settings = {**request_for(_of_one(one, "{step}"), values), "gives": "nothing"}
    how = f"with {state_parameter[0]} as {state_parameter[1]}" if state_parameter else "by its name"
    return TableProposal(verb, settings, 0.75, f"{one.words}, {how}", held_back)


def _key_parameters(operation: Operation, order_words: frozenset[str], other: str) -> dict[str, Any]:
    """The ids among what GraphQL takes: that of the order by its name, any other is `other`."""
    if not operation.is_graphql:
        return {}
    keys = [one.name for one in operation.parameters if is_key(one)]
    return {name: "{order}" if _thing(name) & order_words else other for name in keys}


def _of_one(operation: Operation, last: str) -> Operation:
    """The operation with the order's key, and that of the step after it, in its address."""
    path = operation.path
    keys = ["{order}", last] if len(operation.keys) == 2 else [last]
    for name, value in zip(operation.keys, keys, strict=False):
        path = path.replace(f"{{{name}}}", value)
    return dataclasses.replace(operation, path=path, keys=())


def _costs(changing: Sequence[Operation], order_words: frozenset[str], held_back: str) -> Iterator[TableProposal]:
    for one in changing:
        words = _thing(one.resource) if one.is_graphql else _thing(one.path.rstrip("/").rpartition("/")[2])
        amount = next((part for part in one.parameters if is_total(part) and not is_key(part)), None)
        of_an_order = one.is_graphql or (len(one.keys) == 1 and one.method == "POST")
        if not words & {word.removesuffix("s") for word in _COST} or amount is None or not of_an_order:
            continue
        values = {amount.name: "{amount}", **_key_parameters(one, order_words, "{order}")}
        note = next((part for part in one.parameters if is_note(part) or part.name in {"text", "what", "kind"}), None)
        values |= {note.name: "{description}"} if note is not None else {}
        gaps = [part.name for part in one.parameters if part.required and part.name not in values]
        held_back = SOMEBODY_HAS_TO_SAY.format(f"what {' and '.join(gaps)} is") if gaps else held_back
        settings = {**request_for(_of_one(one, "{order}"), values), "gives": "nothing"}
        yield TableProposal("add_cost", settings, 0.7, f"{one.words} takes an amount", held_back)
        return
