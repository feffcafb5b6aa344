"""Whether every {placeholder} of [rest] is one that has a value there, and what makes a declaration incomplete."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Protocol

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from hypercare.target_file.sections.rest_request import LogIn, Lookup, Request, Requests, WhoRequest
from hypercare.target_file.template import FORMS, placeholders

_ALWAYS = frozenset({"username", "password", "token", "branch", "today", "now", "unique", "currency", "basic"})
_SALE = frozenset({"customer", "kind", "reference"})
_LINE = frozenset({"product", "quantity", "discount_percent"})
# What each verb knows besides; a lookup may use whatever the verb that it serves knows.
SALE_VERBS: dict[str, frozenset[str]] = {
    "create_sale": _SALE | {"lines", "key"},
    "finalise_sale": frozenset({"key", "method", "total"}),
    "read_sale": frozenset({"key"}),
    "undo_sale": frozenset({"key", "reason", "total"}),
    "list_sales": frozenset({"query"}),
    "marked_sales": frozenset({"reference", "customer"}),
    "order_of_sale": frozenset({"key"}),
    "read_order": frozenset({"order", "key"}),
    "start_step": frozenset({"order", "step"}),
    "finish_step": frozenset({"order", "step"}),
    "add_cost": frozenset({"order", "amount", "description"}),
    "log_out": frozenset(),
}
_PAGES = {"page": "page", "offset": "offset", "cursor": "cursor"}


class _Declaration(Protocol):
    """What is looked at of [rest], besides its verbs by their names."""

    headers: dict[str, str]
    log_in: LogIn
    who: WhoRequest | None
    lookup: dict[str, Lookup]
    create_sale: Requests
    read_sale: Requests
    undo_sale: Requests
    cannot_undo: str


Problem = tuple[tuple[str | int, ...], str]


def check_placeholders(rest: _Declaration) -> None:
    """Raises ValidationError that names the place of each."""
    found = [*_in_verbs(rest), *_in_log_in(rest), *_in_lookups(rest), *_incomplete(rest)]
    if found:
        details = [InitErrorDetails(type=custom_error(says), loc=where, input=None) for where, says in found]
        raise ValidationError.from_exception_data("rest", details)


def custom_error(says: str) -> PydanticCustomError:
    # Braces would be taken for a place to be filled in by pydantic.
    return PydanticCustomError("declaration", "{says}", {"says": says})


def _in_verbs(rest: _Declaration) -> Iterator[Problem]:
    for verb, own in SALE_VERBS.items():
        known_names = _ALWAYS | own | set(rest.lookup) | _names_from_log_in(rest)
        for number, request in enumerate(getattr(rest, verb)):
            here = known_names | (_LINE if request.each else frozenset())
            yield from _unknown(request, here, (verb, number))
            known_names |= set(request.keep) | set(request.find)


def _in_log_in(rest: _Declaration) -> Iterator[Problem]:
    known_names = _ALWAYS - {"token"}
    for number, request in enumerate(rest.log_in.before):
        yield from _unknown(request, known_names, ("log_in", "before", number))
        known_names |= set(request.keep) | set(request.find)
    yield from _unknown(rest.log_in, known_names, ("log_in",))
    after = _ALWAYS | _names_from_log_in(rest)
    yield from unknown_in(rest.log_in.encoded, after - set(rest.log_in.encoded), ("log_in", "encoded"))
    yield from unknown_in(rest.log_in.carry, after, ("log_in", "carry"))
    yield from unknown_in(rest.headers, after, ("headers",))
    if rest.who is not None:
        yield from _unknown(rest.who, after, ("who",))


def _in_lookups(rest: _Declaration) -> Iterator[Problem]:
    everything = _ALWAYS | _names_from_log_in(rest) | set(rest.lookup) | _SALE | _LINE
    for own in SALE_VERBS.values():
        everything |= own
    for name, lookup in rest.lookup.items():
        yield from _unknown(lookup, everything - {name}, ("lookup", name))
        yield from unknown_in(lookup.equals, everything - {name}, ("lookup", name, "equals"))
        if bool(lookup.match) != bool(lookup.equals):
            missing = "equals" if lookup.match else "match"
            yield (
                ("lookup", name),
                f"where one of match and equals is given, the other is needed; {missing!r} is missing",
            )


def _incomplete(rest: _Declaration) -> Iterator[Problem]:
    log_in = rest.log_in
    if log_in.kind in {"basic", "key"} and rest.who is None:
        yield (
            ("log_in",),
            f"a log-in of kind {log_in.kind!r} asks nothing, so [rest.who] must say how to tell who it is",
        )
    if log_in.kind == "key" and not log_in.carry:
        yield ("log_in",), 'say which header holds the key: carry = { "X-Api-Key" = "{password}" }'
    if log_in.kind in {"form", "bearer", "cookie"} and not log_in.path:
        yield ("log_in",), "'path' is missing: where are name and password sent?"
    if log_in.kind == "json-rpc" and log_in.rpc is None:
        yield ("log_in",), "'rpc' is missing: which method logs in?"
    if log_in.kind == "graphql" and log_in.graphql is None:
        yield ("log_in",), "'graphql' is missing: which mutation logs in?"
    if rest.create_sale and not rest.read_sale:
        yield ("create_sale",), "a sale that is created must be readable: [rest.read_sale] is missing"
    if rest.create_sale and not rest.undo_sale and not rest.cannot_undo:
        yield ("create_sale",), "say how a sale is undone in [rest.undo_sale], or why it cannot be in cannot_undo"


def _page_unused(request: Request, where: tuple[str | int, ...]) -> Iterator[Problem]:
    assert request.pages is not None
    name = _PAGES[request.pages.by]
    if not any(mentioned == name for mentioned, _ in placeholders(request.templates)):
        yield (*where, "pages"), f"the request never mentions {{{name}}}, so every page would be the first"
    if request.pages.by == "cursor" and not request.pages.next:
        yield (*where, "pages"), "'next' is missing: where does the answer say how to go on?"


def _names_from_log_in(rest: _Declaration) -> set[str]:
    names = set(rest.log_in.keep) | set(rest.log_in.find) | set(rest.log_in.encoded)
    for request in rest.log_in.before:
        names |= set(request.keep) | set(request.find)
    return names


def _unknown(
    request: Request, known_names: frozenset[str] | set[str], where: tuple[str | int, ...]
) -> Iterator[Problem]:
    if request.pages and request.pages.by in _PAGES:
        known_names = known_names | {_PAGES[request.pages.by]}
        yield from _page_unused(request, where)
    for part in ("path", "query", "headers", "body", "form", "variables", "params"):
        yield from unknown_in(getattr(request, part), known_names, (*where, part))
    yield from unknown_in(request.line, known_names | _LINE, (*where, "line"))


def unknown_in(
    template: Any, known_names: frozenset[str] | set[str], where: tuple[str | int, ...]
) -> Iterator[Problem]:
    for name, form in placeholders(template):
        if name not in known_names and not name.startswith("cookie."):
            near = get_close_matches(name, known_names, n=1, cutoff=0.5)
            hint = f"; did you mean {{{near[0]}}}?" if near else f"; here are {', '.join(sorted(known_names))}"
            yield where, f"there is no value for {{{name}}}{hint}"
        elif form is not None and form not in FORMS:
            near = get_close_matches(form, FORMS, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(FORMS)}"
            yield where, f"{{{name}:{form}}}: a value is not written as {form!r}{hint}"
