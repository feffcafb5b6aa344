"""The doors of an API, generated from what it says of itself: each operation, as a verb on a kind of record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypercare.branch_isolation.address_words import (
    about,
    asks_for_branch,
    asks_for_words,
    deletes,
    does_something,
    exports,
    is_report,
    is_search,
    reaches_people,
)
from hypercare.branch_isolation.matrix import Verb
from hypercare.init.api_operations import Operation, Part, operations_of
from hypercare.outcome.signals import NotCovered

_TRIED = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class DescribedOperation:
    """One operation as one verb. `path` begins where the API's own address ends; `keys` are its placeholders.

    `words_in` and `branch_in` name the parameter that takes what is searched for, or another branch; `list_name` is the
    list of the answer that holds the records, where it has several. `untried` is why it is left alone.
    """

    method: str
    path: str
    entity: str
    verb: Verb
    keys: tuple[str, ...] = ()
    parameters: tuple[Part, ...] = ()
    words_in: str = ""
    branch_in: str = ""
    list_name: str = ""
    untried: str = ""

    @property
    def words(self) -> str:
        asked = self.words_in or self.branch_in
        return f"{self.method} {self.path}" + (f"?{asked}=" if asked else "")

    @property
    def collection(self) -> str:
        """The address before its first key: "/sales" of "/sales/{sale_id}/lines"."""
        return self.path.partition("/{")[0]


def described_operations(description: object, base: str) -> list[DescribedOperation]:
    """The doors of an OpenAPI description; `base` is the path of the API's address, which its own may repeat.

    Raises:
        NotCovered: it is no such description.
    """
    if not isinstance(description, Mapping) or not isinstance(description.get("paths"), Mapping):
        raise NotCovered(
            "What the API says of itself is no OpenAPI description.",
            remedy="Name its address as [api] description: it is JSON with `paths`.",
        )
    described = (one for one in operations_of(description) if one.method in _TRIED)
    return [each for one in described for each in _verbs_of(replace(one, path=_without(base, one.path)))]


def _without(base: str, path: str) -> str:
    bare = base.rstrip("/")
    return path.removeprefix(bare) if bare and path.startswith(f"{bare}/") else path


def _verbs_of(operation: Operation) -> Iterator[DescribedOperation]:
    segments = [part for part in operation.path.split("/") if part]
    if not segments or segments[0].startswith("{"):
        return
    names = [name for part in segments if (name := _name_in(part))]
    plain = DescribedOperation(
        operation.method, operation.path, about(names), Verb.LIST, operation.keys, operation.parameters
    )
    if operation.method == "GET":
        yield from _that_read(plain, segments, names, operation.answer)
    else:
        yield _that_writes(plain, segments, names)


def _name_in(segment: str) -> str:
    """Of "{id}:void" what is said of the key; nothing of a key alone."""
    return segment.partition("}")[2].lstrip(":.") if segment.startswith("{") else segment


def _that_read(
    plain: DescribedOperation, segments: Sequence[str], names: Sequence[str], answer: Part
) -> Iterator[DescribedOperation]:
    # What stands alone is what the records are called; but "sales.void" says what is done to them.
    told = names if len(names) > 1 else [names[0].partition(".")[2]]
    if any(does_something(name) for name in told):
        yield replace(plain, untried="its address says that it does something")
    elif any(exports(name) for name in names):
        yield replace(plain, verb=Verb.EXPORT)
    elif any(is_report(name) for name in names):
        yield replace(plain, verb=Verb.REPORT)
    elif plain.keys:
        # What stands within one record is got at by who may read that record.
        yield replace(plain, verb=Verb.READ, entity=names[-1])
    else:
        yield from _of_a_list(plain, names, answer)


def _of_a_list(plain: DescribedOperation, names: Sequence[str], answer: Part) -> Iterator[DescribedOperation]:
    words = next((one for one in plain.parameters if asks_for_words(one.name)), None)
    branch = next((one for one in plain.parameters if asks_for_branch(one.name)), None)
    if words is None or not words.required:
        yield plain
    if branch is not None and (words is None or not words.required):
        yield replace(plain, branch_in=branch.name)
    if words is None:
        return
    sought = replace(plain, verb=Verb.SEARCH, words_in=words.name)
    lists = [one.name for one in answer.parts if one.kind == "list" and one.parts]
    if is_search(names[-1]) and lists and answer.kind != "list":
        yield from (replace(sought, entity=name, list_name=name) for name in lists)
    else:
        yield sought


def _that_writes(plain: DescribedOperation, segments: Sequence[str], names: Sequence[str]) -> DescribedOperation:
    if not plain.keys:
        return replace(
            plain,
            verb=Verb.CREATE,
            untried="a record that is made outside another's would be somebody's real one: no canary holds it",
        )
    ends_in_key = segments[-1].endswith("}")
    if any(reaches_people(name) for name in names):
        return replace(plain, verb=Verb.CHANGE, untried="what it does reaches people outside")
    if plain.method == "DELETE":
        return replace(plain, verb=Verb.DELETE, entity=names[-1])
    if plain.method in {"PUT", "PATCH"}:
        return replace(plain, verb=Verb.CHANGE, entity=names[-1])
    if ends_in_key or does_something(names[-1]):
        owner = names[-1] if ends_in_key else names[-2] if len(names) > 1 else names[-1]
        return replace(plain, verb=Verb.DELETE if deletes(names[-1]) else Verb.CHANGE, entity=owner)
    return replace(plain, verb=Verb.CREATE, entity=names[-1])


def keys_filled(path: str, keys: Mapping[str, Any]) -> str:
    """The path with the placeholders of `keys` filled in; those of others stay."""
    for name, value in keys.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path
