"""A plan of one's own as changes to the built-in one: what it adds, what it changes, and what it switches off.

Both are taken as they were read, so that a change names only the keys that it changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypercare.plan.item import Item, SwitchedOff
from hypercare.plan.problem import UnknownItem
from hypercare.plan.ways import Way

BUILT_IN = "built-in"
_NEEDED = {name for name, field in Item.model_fields.items() if field.is_required()}


class LayerProblem(Exception):
    """The changes do not fit the built-in plan; the message is one line."""


@dataclass(frozen=True)
class Layer:
    """What a plan of one's own makes of the built-in one: the ids of items and the names of rounds that it adds, and
    by id or name the keys of those that it changes."""

    own: frozenset[str] = frozenset()
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def changes_of(self, name: str) -> tuple[str, ...]:
        return next((keys for changed, keys in self.changed if changed == name), ())


def layered(own: Mapping[str, Any], built_in: Mapping[str, Any]) -> dict[str, Any]:
    """The built-in plan with the changes of `own`, both as TOML gives them.

    An item or round of a name that is known changes that one, key by key; any other is added behind them.

    Raises:
        LayerProblem: an item or a round stands twice among the changes, or has no name to be known by; or what is
            switched off or changed is not there.
    """
    tables = {
        "round": _merged(own.get("round", []), built_in.get("round", []), "name", "round"),
        "item": _merged(own.get("item", []), built_in.get("item", []), "id", "item"),
        "gate": _merged(own.get("gate", []), built_in.get("gate", []), "id", "gate"),
        **{key: value for key, value in own.items() if key not in {"base", "round", "item", "gate"}},
    }
    _require_known(own.get("item", []), [str(one["id"]) for one in built_in.get("item", [])])
    return tables


def layer_of(own: Mapping[str, Any], built_in: Mapping[str, Any]) -> Layer:
    """What `own`, which can be laid over it, makes of the built-in plan."""
    added, changed = set[str](), dict[str, tuple[str, ...]]()
    for kind, key in (("item", "id"), ("round", "name")):
        usual = {one[key]: one for one in built_in.get(kind, [])}
        for one in own.get(kind, []):
            name = one[key]
            if name not in usual:
                added.add(name)
            elif "off" not in one:
                keys = tuple(part for part, value in one.items() if usual[name].get(part) != value)
                changed |= {name: keys} if keys else {}
    return Layer(frozenset(added), tuple(changed.items()))


def with_what_hangs_on_changes(
    items: Sequence[Item], changes: Sequence[Mapping[str, Any]], built_in: Collection[Item], off: Sequence[SwitchedOff]
) -> tuple[Item, ...]:
    """The items where one of the changes may answer for a way in place of that of the built-in plan: no other answers
    for it then, and what depends on the one depends on the other.

    An item that is switched off and in whose place nobody answers stays what others depend on: they fail with its way
    whether or not it is looked at.
    """
    named = {(str(one["id"]), key) for one in changes for key in one}
    answering = {Way(one["answers_for"]): str(one["id"]) for one in changes if one.get("answers_for") in list(Way)}
    switched_off = {one.id for one in off}
    successors = {
        item.id: answering[item.answers_for]
        for item in built_in
        if item.answers_for in answering and answering[item.answers_for] != item.id
    }

    def needed(name: str) -> tuple[str, ...]:
        if name not in successors:
            return (name,)
        return (successors[name],) if name in switched_off else (name, successors[name])

    def completed(item: Item) -> Item:
        update: dict[str, Any] = {}
        if (item.id, "depends_on") not in named:
            all_needed = (one for name in item.depends_on for one in needed(name))
            update["depends_on"] = tuple(dict.fromkeys(one for one in all_needed if one != item.id))
        if (item.id, "answers_for") not in named and item.id in successors:
            update["answers_for"] = None
        return item.model_copy(update=update)

    return tuple(completed(item) for item in items)


def _merged(
    changes: Sequence[Mapping[str, Any]], usual: Sequence[Mapping[str, Any]], key: str, words: str
) -> list[dict[str, Any]]:
    merged = {str(one[key]): dict(one) for one in usual}
    changed = set[str]()
    if not isinstance(changes, list):
        raise LayerProblem(f"write each {words} as [[{words}]]")
    for change in changes:
        if not isinstance(change, Mapping) or not isinstance(change.get(key), str):
            raise LayerProblem(f'every {words} needs {key} = "...", by which it is known')
        name = str(change[key])
        if name in changed:
            raise LayerProblem(f"it has the {words} {name} twice")
        changed.add(name)
        merged[name] = {**merged.get(name, {}), **change}
    return list(merged.values())


def _require_known(changes: Sequence[Mapping[str, Any]], built_in: list[str]) -> None:
    """Raise LayerProblem for an unknown id that is switched off, or changed as if it were known."""
    for change in changes:
        if change["id"] in built_in:
            continue
        unknown = UnknownItem(change["id"], built_in, of="built-in checklist")
        if "off" in change:
            raise LayerProblem(f"what is to be switched off is not there: {unknown}")
        missing = sorted(_NEEDED - change.keys())
        if missing:
            raise LayerProblem(f"{unknown} One of your own also needs {', '.join(missing)}")
