"""Walls between the branches that let something through: by list, by search, by guessing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from faultlab.catalogue.api import API, SALE, TRIALS
from faultlab.fault import Where
from faultlab.gateway.fault import between
from faultlab.gateway.passing import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

LEAK = {"verify.branches": Level.L3}


def _for_everybody(pattern: str) -> Spoil:
    """Answers are kept by their address alone: the first who asked decides what all see who are logged in."""
    kept: dict[str, Answer] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        if not request.goes_to(pattern, "GET") or "authorization" not in request.headers:
            return ask(request)
        if request.target not in kept:
            answer = ask(request)
            if answer.status != 200:
                return answer
            kept[request.target] = answer
        return kept[request.target]

    return spoil


def _with_anybodys_rights(wanted: Callable[[Request], bool], *, refused: Callable[[Answer], bool]) -> Spoil:
    """Where somebody is refused, or finds nothing, the rights of whoever else was there are tried."""
    rights: dict[str, None] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        own = request.headers.get("authorization")
        if own and answer.status == 200:
            rights.setdefault(own)
        if not wanted(request) or not refused(answer):
            return answer
        others = (replace(request, headers={**request.headers, "authorization": one}) for one in tuple(rights))
        return next((found for other in others if not refused(found := ask(other))), answer)

    return spoil


def _finds_nothing(answer: Answer) -> bool:
    return answer.status != 200 or not answer.json().get("items")


FAULTS = (
    between(
        "api-list-kept-for-everybody",
        "Lists of sales are kept by their address alone: each branch is shown whatever the first who asked was shown.",
        Where.API,
        _for_everybody(f"{API}/sales"),
        LEAK,
        TRIALS,
    ),
    between(
        "api-sale-opens-for-other-branches",
        "Whoever guesses the number in the address can open a sale of another branch.",
        Where.API,
        _with_anybodys_rights(
            lambda request: request.goes_to(SALE, "GET"), refused=lambda answer: answer.status == 404
        ),
        LEAK,
    ),
    between(
        "api-search-finds-other-branches",
        "Searching for the number of a sale finds it in whatever branch it is.",
        Where.API,
        _with_anybodys_rights(
            lambda request: request.goes_to(f"{API}/sales", "GET") and bool(request.query.get("q")),
            refused=_finds_nothing,
        ),
        LEAK,
    ),
)
