"""What an address says of an operation: that it takes records out, sums them up, looks for or does something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypercare.http.action_words import STEMS, WORDS, plain

_EXPORTS = re.compile(r"exports?|downloads?|csv|xlsx?|pdf|ods|dump", re.IGNORECASE)
_REPORTS = re.compile(
    r"reports?|reporting|statistics?|stats|summar(y|ies)|dashboards?|analytics|figures|totals?", re.IGNORECASE
)
_BETWEEN_WORDS = re.compile(r"[-_.:~]+|(?<=[a-z\d])(?=[A-Z])")
_SEARCHES = re.compile(r"search(es)?|find|lookup|autocomplete|suggest(ions?)?", re.IGNORECASE)
_SEARCH_PARAMETERS = frozenset({"q", "query", "search", "term", "keyword", "keywords", "search_term", "searchterm"})
_BRANCH_PARAMETERS = frozenset({"branch", "branch_code", "branch_id", "store", "shop", "outlet", "location", "site"})
_FIRST_DAY_PARAMETERS = frozenset(
    {"day_from", "date_from", "from", "from_date", "since", "start", "start_date", "after"}
)
_DAY_PARAMETERS = frozenset({"day", "date", "day_to", "date_to", "to", "to_date", "until", "end", "end_date"})
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


def about(names: Sequence[str]) -> str:
    """The kind of record that the parts of an address (keys left out) name: the last that names any."""
    for name in reversed(names):
        if not (exports(name) or is_report(name)):
            return name.partition(".")[0]
    return names[-1].partition(".")[0] if names else ""


def exports(name: str) -> bool:
    return any(_EXPORTS.fullmatch(part) for part in name.split("."))


def is_report(name: str) -> bool:
    return _REPORTS.fullmatch(name) is not None


def is_search(name: str) -> bool:
    return _SEARCHES.fullmatch(name) is not None


def does_something(name: str) -> bool:
    """Whether it says that something is done ("finalise", "sales.void") rather than what is there ("lines")."""
    return any(word not in _ONLY_SHOW and (word in WORDS or word.startswith(STEMS)) for word in _words_of(name))


def deletes(name: str) -> bool:
    return not _DELETES.isdisjoint(_words_of(name))


def reaches_people(name: str) -> bool:
    """Whether what it does leaves the system: a message, a parcel, money."""
    return not _REACHES_PEOPLE.isdisjoint(_words_of(name))


def _words_of(name: str) -> list[str]:
    """ "mark", "as" and "paid" of "markAsPaid", "mark-as-paid" and "mark.as_paid"."""
    return [plain(word) for word in _BETWEEN_WORDS.split(name) if word]


def asks_for_words(parameter: str) -> bool:
    return parameter.casefold() in _SEARCH_PARAMETERS


def asks_for_branch(parameter: str) -> bool:
    return parameter.casefold() in _BRANCH_PARAMETERS


def asks_for_first_day(parameter: str) -> bool:
    return parameter.casefold() in _FIRST_DAY_PARAMETERS


def asks_for_day(parameter: str) -> bool:
    """A day, or the first or last of several."""
    return parameter.casefold() in _DAY_PARAMETERS or asks_for_first_day(parameter)


def asks_for_length(parameter: str) -> bool:
    return parameter.casefold() in _LENGTH_PARAMETERS
