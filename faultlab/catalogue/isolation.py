"""BranchIsolation between the branches that let something through: by list, by search, by guessing, by export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from faultlab.catalogue.api import API, SALE, TRIALS
from faultlab.fault import Where, items
from faultlab.gateway.spoiling import first_answer_by_address, json_changed
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

LEAK = {"verify.branches": Level.L3}
BY_ANY_DOOR = {**LEAK, "focus.branch-isolation": Level.L3}


def _with_anybodys_rights(applies_to: Callable[[Request], bool], *, refused: Callable[[Answer], bool]) -> Spoil:
    """Where somebody is refused, or finds nothing, the rights of whoever else was there are tried."""
    rights: dict[str, None] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        own = request.headers.get("authorization")
        if own and answer.status == 200:
            rights.setdefault(own)
        if not applies_to(request) or not refused(answer):
            return answer
        others = (replace(request, headers={**request.headers, "authorization": one}) for one in tuple(rights))
        return next((found for other in others if not refused(found := ask(other))), answer)

    return spoil


def _of_everybody(applies_to: Callable[[Request], bool], joined: Callable[[Answer, Sequence[Answer]], Answer]) -> Spoil:
    """Whoever asks is shown what all who were there are shown together."""
    rights: dict[str, None] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        own = request.headers.get("authorization")
        if own is None or answer.status != 200:
            return answer
        rights.setdefault(own)
        if not applies_to(request):
            return answer
        others = [replace(request, headers={**request.headers, "authorization": one}) for one in rights if one != own]
        return joined(answer, [reply for other in others if (reply := ask(other)).status == 200])

    return spoil


def _lines_joined(answer: Answer, others: Sequence[Answer]) -> Answer:
    lines = dict.fromkeys(line for one in (answer, *others) for line in one.text.splitlines(keepends=True))
    return answer.with_text("".join(lines))


def _entries_joined(name: str) -> Callable[[Answer, Sequence[Answer]], Answer]:
    def joined(answer: Answer, others: Sequence[Answer]) -> Answer:
        bodies = [one.json() for one in (answer, *others)]
        entries: list[object] = []
        for one in bodies:
            entries += [entry for entry in one[name] if entry not in entries]
        return answer.with_json({**bodies[0], name: entries})

    return joined


def _list_of(path: str, *with_query: str) -> Callable[[Request], bool]:
    return lambda request: request.goes_to(f"{API}{path}", "GET") and all(request.query.get(one) for one in with_query)


def _finds_nothing(answer: Answer) -> bool:
    return answer.status != 200 or not answer.json().get("items")


FAULTS = (
    between(
        "api-list-kept-for-everybody",
        "Lists of sales are kept by their address alone: each branch is shown whatever the first who asked was shown.",
        Where.API,
        first_answer_by_address(f"{API}/sales"),
        BY_ANY_DOOR,
        TRIALS | items("verify.sales-totals"),
    ),
    between(
        "api-sale-opens-for-other-branches",
        "Whoever guesses the number in the address can open a sale of another branch.",
        Where.API,
        _with_anybodys_rights(
            lambda request: request.goes_to(SALE, "GET"), refused=lambda answer: answer.status == 404
        ),
        BY_ANY_DOOR,
    ),
    between(
        "api-search-finds-other-branches",
        "Searching for the number of a sale finds it in whatever branch it is.",
        Where.API,
        _with_anybodys_rights(
            lambda request: request.goes_to(f"{API}/sales", "GET") and bool(request.query.get("q")),
            refused=_finds_nothing,
        ),
        BY_ANY_DOOR,
    ),
    between(
        "api-search-over-everything-finds-other-branches",
        "The search over everything finds sales and orders in whatever branch they are.",
        Where.API,
        _with_anybodys_rights(
            _list_of("/search"), refused=lambda answer: answer.status != 200 or not any(answer.json().values())
        ),
        BY_ANY_DOOR,
    ),
    between(
        "api-export-holds-other-branches",
        "Whoever takes the sales out as CSV gets those of every branch.",
        Where.API,
        _of_everybody(_list_of(r"/sales/export\.csv"), _lines_joined),
        BY_ANY_DOOR,
    ),
    between(
        "api-other-order-shows-other-branches",
        "In any other order than the usual one, the list of sales holds those of every branch.",
        Where.API,
        _of_everybody(_list_of("/sales", "sort"), _entries_joined("items")),
        LEAK,
    ),
    between(
        "api-filter-opens-other-branches",
        "Whoever writes another branch into the address is shown its sales.",
        Where.API,
        _with_anybodys_rights(_list_of("/sales", "branch"), refused=_finds_nothing),
        BY_ANY_DOOR,
    ),
    between(
        "api-customers-of-all-branches",
        "Each branch is shown the customers of all.",
        Where.API,
        _of_everybody(_list_of("/customers"), _entries_joined("items")),
        BY_ANY_DOOR,
        TRIALS,
    ),
    between(
        "api-costs-of-all-branches",
        "Each workshop is shown the costs of all.",
        Where.API,
        _of_everybody(_list_of("/costs"), _entries_joined("items")),
        BY_ANY_DOOR,
    ),
    between(
        "api-report-tells-of-other-branches",
        "The report of the day tells each branch what the others sold.",
        Where.API,
        _of_everybody(_list_of("/reports/sales"), _entries_joined("branches")),
        BY_ANY_DOOR,
    ),
    between(
        "api-report-without-its-branches",
        "The report of the day does not say any more which branch sold what.",
        Where.API,
        json_changed(f"{API}/reports/sales", lambda body: {**body, "branches": []}),
        {"health.api": Level.L3},
    ),
)
