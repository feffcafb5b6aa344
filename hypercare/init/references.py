"""Which column points at which table: as declared, or as names and values agree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from hypercare.init.names import load_vocabulary, same_thing, table_says, tokens_of
from hypercare.init.sampling import Samples
from hypercare.init.schema import Table, Type

_POINTER = re.compile(r"(?P<model>[a-z][\w]*(?:\.[\w]+)*),(?P<id>-?\d+)\Z")
_LIKELY = 0.55
_HELD_BY_VALUES = 0.9


@dataclass(frozen=True)
class Reference:
    """`column` of a table points at `parent`.`to`. `how` says why we think so; `sure` is 0 to 1.

    `prefix` is that of a text reference ("sale.line,12").
    """

    column: str
    parent: str
    to: str
    sure: float
    how: str
    declared: bool = False
    prefix: str = ""


@dataclass
class References:
    """All references between the tables; `fan_in` counts how many point at a table."""

    of: dict[str, dict[str, list[Reference]]] = field(default_factory=dict)
    fan_in: Counter[str] = field(default_factory=Counter)

    def to(self, child: str, parent: str) -> list[Reference]:
        """The references of a table to another, the surest first."""
        found = [one for many in self.of.get(child, {}).values() for one in many if one.parent == parent]
        return sorted(found, key=lambda one: -one.sure)

    def from_column(self, child: str, column: str) -> list[Reference]:
        return self.of.get(child, {}).get(column, [])


def find_references(tables: dict[str, Table]) -> References:
    """By the catalogue and by names; what values say is added by `confirmed`."""
    found = References()
    by_word = _by_last_word(tables)
    for name, shape in tables.items():
        mine: defaultdict[str, list[Reference]] = defaultdict(list)
        for column, (parent, to) in shape.references.items():
            if parent in tables:
                target = to or tables[parent].id or "id"
                mine[column].append(Reference(column, parent, target, 1.0, "a declared foreign key", declared=True))
                found.fan_in[parent] += 1
        for own in shape.columns.values():
            if own.name in mine or shape.key == (own.name,) or own.type not in {Type.WHOLE, Type.TEXT, Type.OTHER}:
                continue
            for parent, sure in _named(own.name, name, by_word, tables):
                if own.type is not Type.TEXT or _keys_alike(own.name, tables[parent], shape):
                    to = tables[parent].id or "id"
                    mine[own.name].append(Reference(own.name, parent, to, sure, "its name"))
                    found.fan_in[parent] += 1
        found.of[name] = dict(mine)
    return found


def _by_last_word(tables: dict[str, Table]) -> dict[str, list[str]]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    vocabulary = load_vocabulary()
    for name, shape in tables.items():
        if shape.id is None:
            continue
        tokens = tokens_of(name.rpartition(".")[2])
        for meaning in {m for token in tokens for m in (*vocabulary.meaning(token), token, token.rstrip("s"))}:
            words[meaning].append(name)
    return words


def _named(column: str, child: str, by_word: dict[str, list[str]], tables: dict[str, Table]) -> list[tuple[str, float]]:
    vocabulary = load_vocabulary()
    tokens = [t for t in tokens_of(column) if "id" not in vocabulary.meaning(t)]
    if not tokens:
        return []
    if tokens == ["parent"]:
        return [(name, 0.8) for name in _beginning_of(child, tables)]
    if set(tokens) & {"owner", "uid"} or (tokens[-1] == "by" and tables[child].columns[column].type is Type.TEXT):
        users = vocabulary.entities["user"]
        likely = [name for name in by_word.get("user", []) if table_says(name, users) >= 0.8]
        return [(name, 0.6) for name in likely[:3]]
    meanings = {m for token in tokens for m in (*vocabulary.meaning(token), token, token.rstrip("s"))}
    near = {name for meaning in meanings for name in by_word.get(meaning, [])}
    scored = [(name, same_thing(column, name, child)) for name in near if name != child]
    return sorted(((n, s) for n, s in scored if s >= _LIKELY), key=lambda one: (-one[1], len(one[0])))[:4]


def _beginning_of(child: str, tables: dict[str, Table]) -> list[str]:
    """Tables whose name a child's begins with: "Sales Order" for "Sales Order Item"; the longest first."""
    mine = tokens_of(child.rpartition(".")[2])
    whole = {name: tokens_of(name.rpartition(".")[2]) for name, shape in tables.items() if shape.id is not None}
    found = [name for name, theirs in whole.items() if len(theirs) < len(mine) and mine[: len(theirs)] == theirs]
    return sorted(found, key=lambda name: -len(whole[name]))[:2]


def _keys_alike(column: str, parent: Table, child: Table) -> bool:
    """Whether a text may be a key: the parent's own key is text too."""
    del column, child
    return parent.id is not None and parent.columns[parent.id].type is Type.TEXT


def confirmed(references: References, samples: Samples, child: str) -> None:
    """Let the values of a table's sampled rows decide between its likely parents, and find text references."""
    shape = samples.tables[child]
    mine = references.of.setdefault(child, {})
    for column, candidates in list(mine.items()):
        if any(one.declared for one in candidates):
            continue
        values = samples.values(child, column)
        if not values:
            continue
        confirmed_references = []
        for one in candidates:
            share = samples.share_within(values, one.parent, one.to)
            if share >= _HELD_BY_VALUES:
                sure = min(0.98, one.sure + 0.1 * share)
                confirmed_references.append(
                    Reference(column, one.parent, one.to, sure, "its name and every sampled value")
                )
        mine[column] = sorted(confirmed_references, key=lambda one: -one.sure)
    for own in shape.columns.values():
        if own.type is Type.TEXT:
            pointers = _pointers(samples.values(child, own.name))
            for model, share in pointers.items():
                parent = _table_of_model(model, samples.tables)
                if parent is not None:
                    to = samples.tables[parent].id or "id"
                    how = f"{share:.0%} of its values read {model},<id>"
                    mine.setdefault(own.name, []).append(Reference(own.name, parent, to, 0.95, how, prefix=model))


def _pointers(values: list[object]) -> dict[str, float]:
    found = Counter(match["model"] for value in values if isinstance(value, str) and (match := _POINTER.match(value)))
    return {model: times / len(values) for model, times in found.items() if times / len(values) >= 0.05}


def _table_of_model(model: str, tables: dict[str, Table]) -> str | None:
    for name in (model.replace(".", "_"), model):
        if name in tables:
            return name
    return None
