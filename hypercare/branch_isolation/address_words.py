"""What an address says of an operation: that it takes records out, sums them up, looks for or does something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypercare.http.action_words import STEMS, WORDS, plain

_EXPORTS = re.compile(r"exports?|downloads?|csv|xlsx?|pdf|ods|dump", re.IGNORECASE)
_REPORTS = re.compile(
    r"reports?|reporting|statistics?|stats|summar(y|ies)|dashboards?|analytics|figures|totals?", re.IGNORECASE
)
_SEARCHES = re.compile(r"search(es)?|find|lookup|autocomplete|suggest(ions?)?", re.IGNORECASE)
_SEARCH_PARAMETERS = frozenset({"q", "query", "search", "term", "keyword", "keywords", "search_term", "searchterm"})
_BRANCH_PARAMETERS = frozenset({"branch", "branch_code", "branch_id", "store", "shop", "outlet", "location", "site"})
_DAY_PARAMETERS = frozenset(
    {"day", "date", "day_from", "day_to", "date_from", "date_to", "from", "to", "since", "until"}
)
_LENGTH_PARAMETERS = frozenset({"limit", "per_page", "page_size", "pagesize", "size", "take"})
_DELETES = frozenset({"delete", "remove", "void", "cancel", "destroy", "storno", "annul", "discard"})
_REACHES_PEOPLE = frozenset(
    {
        "send",
        "resend",
        "mail",
        "email",
        "sms",
        "notify",
        "print",
        "pay",
        "charge",
        "capture",
        "refund",
        "ship",
        "dispatch",
    }
)
# What an address may do by GET and yet only show.
_ONLY_SHOW = frozenset(
    {"export", "download", "print", "new", "search", "report", "list", "history", "select", "choose"}
)


def about(nouns: Sequence[str]) -> str:
    """The kind of record that the parts of an address (keys left out) name: the last that names any."""
    for noun in reversed(nouns):
        if not (exports(noun) or is_report(noun)):
            return noun.partition(".")[0]
    return nouns[-1].partition(".")[0] if nouns else ""


def exports(noun: str) -> bool:
    return any(_EXPORTS.fullmatch(part) for part in noun.split("."))


def is_report(noun: str) -> bool:
    return _REPORTS.fullmatch(noun) is not None


def is_search(noun: str) -> bool:
    return _SEARCHES.fullmatch(noun) is not None


def does_something(noun: str) -> bool:
    """Whether it says that something is done ("finalise", "void") rather than what is there ("lines", "payments")."""
    word = plain(noun).replace("_", "-").partition("-")[0]
    return word not in _ONLY_SHOW and (word in WORDS or word.startswith(STEMS))


def deletes(noun: str) -> bool:
    return plain(noun).replace("_", "-").partition("-")[0] in _DELETES


def reaches_people(noun: str) -> bool:
    """Whether what it does leaves the system: a message, a parcel, money."""
    return plain(noun).replace("_", "-").partition("-")[0] in _REACHES_PEOPLE


def asks_for_words(parameter: str) -> bool:
    return parameter.casefold() in _SEARCH_PARAMETERS


def asks_for_branch(parameter: str) -> bool:
    return parameter.casefold() in _BRANCH_PARAMETERS


def asks_for_day(parameter: str) -> bool:
    return parameter.casefold() in _DAY_PARAMETERS


def asks_for_length(parameter: str) -> bool:
    return parameter.casefold() in _LENGTH_PARAMETERS
