"""The records in an answer of an API, whatever it looks like, and which branches they name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypercare.http.exchange import Exchange

Record = Mapping[str, Any]
_DEEPEST = 2
_IDS = ("id", "uuid", "guid", "key", "_id", "number", "no", "code")
_NAMES = ("number", "no", "code", "reference", "name", "title", "label", "sku")
_LEAST_LETTERS = 4


def records_in(exchange: Exchange, list_name: str = "") -> list[Record]:
    """The records of a JSON or CSV answer; of one with several lists those of the list `list_name`, or of all."""
    if exchange.status != 200 or exchange.looks_like_a_page:
        return []
    if not exchange.is_json:
        return list(rows_of_csv(exchange.text))
    answer = exchange.json
    if list_name and isinstance(answer, Mapping):
        answer = answer.get(list_name)
    found = list(_listed(answer, _DEEPEST))
    return found or ([answer] if isinstance(answer, Mapping) and answer else [])


def _listed(answer: Any, deepest: int) -> Iterator[Record]:
    if isinstance(answer, list):
        yield from (one for one in answer if isinstance(one, Mapping))
    elif isinstance(answer, Mapping) and deepest:
        for part in answer.values():
            yield from _listed(part, deepest - 1)


def rows_of_csv(text: str) -> list[dict[str, Any]]:
    text = text.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t|", key=heading.count)
    try:
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return []


def key_of(record: Record, placeholder: str = "") -> str | None:
    """What identifies the record in an address with this placeholder: "sale_id" may be called so, or "id"."""
    ending = placeholder.rpartition("_")[2]
    for name in (placeholder, ending, *_IDS):
        value = record.get(name)
        if name and isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    return None


def name_of(record: Record) -> str | None:
    """What a person would search for: its number, code or name."""
    for name in _NAMES:
        value = record.get(name)
        if isinstance(value, str) and len(value) >= _LEAST_LETTERS:
            return value
    return None


def fields_of(record: Record) -> Iterator[tuple[str, str]]:
    """Its texts and numbers by name, with those of what stands in it: ("branch", "HAR"), ("branch.code", "HAR")."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", str(one)) for inner, one in value.items() if isinstance(one, str | int))
        elif isinstance(value, list):
            yield from ((name, str(one)) for one in value if isinstance(one, str))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            yield name, str(value)


def leaves(record: Any) -> Iterator[str]:
    """Every text and number in it, as text."""
    if isinstance(record, Mapping):
        record = list(record.values())
    if isinstance(record, list):
        for part in record:
            yield from leaves(part)
    elif isinstance(record, str | int | float) and not isinstance(record, bool):
        yield str(record)


class BranchWords:
    """What the branches are called in answers: by their own codes, or as [rest.branches] says."""

    def __init__(self, branches: Sequence[str], words: Mapping[str, Sequence[str]]) -> None:
        self._branch_of = {word: branch for branch in branches for word in (branch, *map(str, words.get(branch, ())))}

    def named_in(self, record: Record) -> dict[str, set[str]]:
        """By field, the branches that it names; nothing where no field does."""
        named: dict[str, set[str]] = {}
        for field, value in fields_of(record):
            branch = self._branch_of.get(value)
            if branch is not None:
                named.setdefault(field, set()).add(branch)
        return named

    def words_of_others(self, branch: str) -> set[str]:
        return {word for word, one in self._branch_of.items() if one != branch}
