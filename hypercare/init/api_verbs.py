"""Which operation of an API does what with a sale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hypercare.init.api_log_in import log_in_tables
from hypercare.init.api_operations import Operation, Part, parts_of
from hypercare.init.api_parts import (
    fits,
    is_method,
    is_note,
    is_quantity,
    is_reason,
    is_total,
    lines_parameter,
    list_in,
    record_of,
    sale_shape,
)
from hypercare.init.api_production import production_tables
from hypercare.init.api_requests import SOMEBODY_HAS_TO_SAY, answer_of, is_key, request_for
from hypercare.init.names import load_vocabulary, table_says
from hypercare.init.rest_proposal import RestProposal, TableProposal

_CREATE = {"create", "add", "open", "new", "make", "place", "post"}
_FINAL = {
    "pay",
    "settle",
    "confirm",
    "finalise",
    "finalize",
    "complete",
    "checkout",
    "post",
    "validate",
    "submit",
    "close",
}
_VOID = {"cancel", "void", "drop", "annul", "reverse", "refund", "storno", "discard", "delete"}
_THROWN_AWAY = {"drop", "discard", "delete", "remove"}
# Parts of an address between a record and what is done to it.
_BETWEEN = {"action", "actions", "operation", "operations", "command", "commands", "transition", "transitions"}
_SEARCH = ("search", "q", "query", "name", "filter", "term")
_VERBS = ("log_in", "who", "log_out", "create_sale", "finalise_sale", "read_sale", "undo_sale", "list_sales")
_OF_PRODUCTION = ("read_order", "start_step", "finish_step", "add_cost")


def proposed_rest(operations: Sequence[Operation], schemes: Sequence[tuple[str, str]] = ()) -> RestProposal:
    """[rest] as far as it can be recognised.

    `schemes` are ways to say who asks: ("key", header) and ("basic", "") need no log-in, ("bearer", "") its token.
    """
    rest = RestProposal()
    rest.tables += log_in_tables(operations, schemes)
    sales = _of_one_kind([one for one in operations if _is_about(one, "sale")]) or _by_lines(operations)
    rest.tables += _sale(operations, sales, rest)
    read = next((one for one in sales if _reads(one)), None)
    others = [one for one in operations if one not in sales]
    for one in production_tables(others, None if read is None else record_of(read.answer)[0]):
        rest.add(one)
    found = {one.name for one in rest.tables}
    rest.missing = tuple(verb for verb in (*_VERBS, *_OF_PRODUCTION) if verb not in found)
    rest.settle()
    return rest


def _is_about(operation: Operation, entity: str) -> bool:
    name = operation.resource
    if operation.is_graphql:
        acts = _CREATE | _FINAL | _VOID
        name = " ".join(word for word in parts_of(operation.resource) if word not in acts) or name
    return table_says(name, load_vocabulary().entities[entity]) >= 0.6


def _by_lines(operations: Sequence[Operation]) -> list[Operation]:
    """What is about the thing that is made of lines with a quantity, whatever it is called."""
    made = next((one for one in operations if _creates(one) and lines_parameter(one) is not None), None)
    return [] if made is None else [one for one in operations if _thing(one) == _thing(made)]


def _of_one_kind(sales: Sequence[Operation]) -> list[Operation]:
    """Of several kinds of record that may be sales (orders, draft orders, invoices) the one of which most can be done.

    An order is never made here and undone there: what undoes a draft order does not know it.
    """
    kinds: dict[tuple[str, ...], list[Operation]] = {}
    for one in sales:
        kinds.setdefault(_collection(one), []).append(one)

    def can_be_done(kind: list[Operation]) -> tuple[int, int]:
        verbs = (_creates, _reads, _lists, _deletes, lambda one: _acts(one, _VOID), lambda one: _acts(one, _FINAL))
        return sum(any(verb(one) for one in kind) for verb in verbs), len(kind)

    return max(kinds.values(), key=can_be_done, default=[])


def _collection(operation: Operation) -> tuple[str, ...]:
    """Where records of its kind lie: the address before the first key, without what is done there."""
    if operation.is_graphql:
        return ("graphql",)
    segments = [one for one in operation.path.split("/") if one]
    first = next((n for n, one in enumerate(segments) if one.startswith("{")), len(segments))
    before = segments[:first]
    if before and set(parts_of(before[-1])) <= _CREATE | {"list", "search", "all"}:
        before.pop()
    return tuple(one.lower().removesuffix("s") for one in before)


def _thing(operation: Operation) -> frozenset[str]:
    words = [word for word in parts_of(operation.resource) if word not in _CREATE | _FINAL | _VOID]
    return frozenset(word.removesuffix("s") for word in words)


def _sale(operations: Sequence[Operation], sales: Sequence[Operation], rest: RestProposal) -> Iterator[TableProposal]:
    create = next((one for one in sales if _creates(one)), None)
    read = next((one for one in sales if _reads(one)), None)
    if read is not None:
        shape, rest.own["money"] = sale_shape(read)
        gaps = [name for name in ("state", "total") if name not in shape]
        held_back = SOMEBODY_HAS_TO_SAY.format(f"where its {' and '.join(gaps)} stand") if gaps else ""
        yield TableProposal("sale", shape, 0.8, f"as {read.words} tells it", held_back)
        yield TableProposal(
            "read_sale", {**request_for(read, {}, "{key}"), **answer_of(read)}, 0.9, f"{read.words} tells of one"
        )
    listed = next((one for one in sales if _lists(one)), None)
    if listed is not None:
        yield _list(listed)
    if create is not None:
        yield from _create(create, operations)
    changing = [one for one in sales if one.method not in {"GET", "query"} and one.about_one]
    undoing = [one for one in changing if _deletes(one) or _acts(one, _VOID)]
    yield from _undone(undoing)
    final = next((one for one in changing if one not in undoing and _acts(one, _FINAL)), None)
    if final is not None:
        yield _changed("finalise_sale", final, _to_pay)


def _deletes(operation: Operation) -> bool:
    if operation.is_graphql:
        return bool(operation.does & _THROWN_AWAY)
    return operation.method == "DELETE" and len(operation.keys) == 1 and operation.path.endswith("}")


def _undone(undoing: Sequence[Operation]) -> Iterator[TableProposal]:
    """One way is taken to be for every state; of two, the one that throws away is for drafts."""
    thrown = next((one for one in undoing if _deletes(one)), None)
    voided = next((one for one in undoing if one is not thrown), None)
    for operation, state in ((thrown, "draft"), (voided, "final")):
        if operation is None:
            continue
        undo = _changed("undo_sale", operation, lambda one: "{reason}" if is_reason(one) or is_note(one) else "")
        undo.settings.pop("gives")
        undo.several = True
        if thrown is not None and voided is not None:
            undo.settings = {"when": state, **undo.settings}
            undo.why += f"; taken to be for a {state} sale"
        yield undo


def _acts(operation: Operation, words: set[str]) -> bool:
    if operation.is_graphql:
        return bool(operation.does & words)
    after = [one for one in operation.path.rpartition("}")[2].split("/") if one]
    if len(operation.keys) != 1 or not after or not set(after[:-1]) <= _BETWEEN:
        return False
    # "cancel" and "cancel-order" act on the order, "close-comments" and "payments/refund" on something of its own.
    action_words = {word for word in parts_of(after[-1]) if word not in parts_of(operation.resource)}
    own = {word for word in action_words if table_says(word, load_vocabulary().entities["sale"]) >= 0.6}
    return bool(action_words & words) and not action_words - own - words


def _creates(operation: Operation) -> bool:
    if operation.method not in {"POST", "mutation"} or not operation.parameters:
        return False
    if operation.is_graphql:
        return bool(operation.does & _CREATE)
    return not operation.about_one and not operation.does & (_FINAL - {"post"})


def _reads(operation: Operation) -> bool:
    if not operation.about_one:
        return False
    if operation.is_graphql:
        return operation.method == "query" and operation.answer.kind == "record"
    return operation.method == "GET" and len(operation.keys) == 1 and operation.path.endswith("}")


def _lists(operation: Operation) -> bool:
    if operation.method not in {"GET", "query"} or operation.about_one:
        return False
    return operation.answer.kind != "unknown" and list_in(operation.answer) is not None


def _list(operation: Operation) -> TableProposal:
    found = list_in(operation.answer)
    assert found is not None
    settings = request_for(operation, {})
    list_path = found[1]
    if operation.is_graphql:
        list_path = ".".join(part for part in ("data", operation.path, list_path) if part)
    if list_path:
        settings["answer"] = list_path
    names = {one.name for one in operation.parameters}
    page = next((name for name in ("page", "offset") if name in names), "")
    after = next((name for name in ("after", "cursor") if name in names), "")
    onward = next(
        (one.name for one in operation.answer.parts if one.name.lower() in {"next", "nextcursor", "endcursor"}), ""
    )
    if after and onward and operation.is_graphql:
        settings |= request_for(operation, {after: "{cursor}"})
        settings["pages"] = {"by": "cursor", "next": f"data.{operation.path}.{onward}"}
    elif page and not operation.is_graphql:
        settings |= {"query": {page: f"{{{page}}}"}, "pages": {"by": page}}
    return TableProposal("list_sales", settings, 0.85, f"{operation.words} tells a list")


def _create(operation: Operation, operations: Sequence[Operation]) -> Iterator[TableProposal]:
    lines, values, gaps = lines_parameter(operation), {}, []
    lookups: dict[str, str] = {}
    for one in operation.parameters:
        if lines is not None and one.name == lines.name:
            values[one.name] = "{lines}"
        elif is_note(one):
            values[one.name] = "{reference}"
        elif fits(one.name, "sale", "customer") > 0.5:
            values[one.name] = "{customer_id}"
            lookups["customer_id"] = "customer"
        elif fits(one.name, "sale", "branch") > 0.5:
            values[one.name] = "{branch}"
        elif one.required:
            gaps.append(one.name)
    line = {}
    for part in lines.parts if lines is not None else ():
        if is_quantity(part):
            line[part.name] = "{quantity}"
        elif fits(part.name, "sale_line", "product") > 0.5:
            line[part.name] = "{product_id}"
            lookups["product_id"] = "product"
        elif part.required:
            gaps.append(f"{part.name} of a line")
    settings = {**request_for(operation, values), **answer_of(operation)}
    if line:
        settings["line"] = line
    for name, entity in lookups.items():
        table = _lookup(name, entity, operations)
        if table is None:
            gaps.append(f"how {{{name}}} is found")
        else:
            yield table
    held_back = SOMEBODY_HAS_TO_SAY.format("; ".join(gaps)) if gaps else ""
    yield TableProposal("create_sale", settings, 0.8 if lines else 0.6, f"{operation.words} makes one", held_back)


def _lookup(name: str, entity: str, operations: Sequence[Operation]) -> TableProposal | None:
    ours = "{customer}" if entity == "customer" else "{product}"
    for one in operations:
        if one.method not in {"GET", "query"} or one.about_one or not _is_about(one, entity):
            continue
        found = list_in(one.answer)
        search = next((part.name for part in one.parameters if part.name in _SEARCH), "")
        if found is None or any(part.required and part.name != search for part in one.parameters):
            continue
        fields = [part.name for part in found[0].parts]
        candidates = ("name", "label", "title") if entity == "customer" else ("code", "sku", "number", "label", "name")
        match = next((field for field in candidates if field in fields), "")
        if not match:
            continue
        values = {search: ours} if search else {}
        settings = request_for(one, values if one.is_graphql else {})
        if values and not one.is_graphql:
            settings["query"] = values
        list_path = ".".join(part for part in (("data", one.path) if one.is_graphql else ())) or ""
        list_path = ".".join(part for part in (list_path, found[1]) if part)
        settings |= {"answer": list_path} if list_path else {}
        settings |= {
            "match": match,
            "equals": ours,
            "value": next((f for f in ("id", "uuid") if f in fields), fields[0]),
        }
        return TableProposal(f"lookup.{name}", settings, 0.75, f"{one.words} lists each {entity}")
    return None


def _to_pay(part: Part) -> str:
    if is_method(part):
        return "{method}"
    return "{total}" if is_total(part) else "{reason}" if is_reason(part) else ""


def _changed(verb: str, operation: Operation, value_of: Callable[[Part], str]) -> TableProposal:
    values, gaps = {}, []
    for one in operation.parameters:
        if operation.is_graphql and is_key(one):
            values[one.name] = "{key}"
        elif template := value_of(one):
            values[one.name] = template
        elif one.required:
            gaps.append(one.name)
    settings = {**request_for(operation, values, "{key}"), "gives": "nothing"}
    held_back = SOMEBODY_HAS_TO_SAY.format(f"what {' and '.join(gaps)} is") if gaps else ""
    return TableProposal(verb, settings, 0.75, f"{operation.words}, by its name", held_back)
