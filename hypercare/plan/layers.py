"""A plan of one's own as changes to the built-in one: what it adds, what it changes, and what it switches off.

Both are taken as they were read, so that a change names only the keys that it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BUILT_IN = "built-in"


class LayerProblem(Exception):
    """The changes do not fit the built-in plan; the message is one line."""


def layered(own: Mapping[str, Any], built_in: Mapping[str, Any]) -> dict[str, Any]:
    """The built-in plan with the changes of `own`, both as TOML gives them.

    An item or round of a name that is known changes that one, key by key; any other is added behind them.

    Raises:
        LayerProblem: an item or a round stands twice among the changes, or has no name to be known by.
    """
    return {
        "round": _merged(own.get("round", []), built_in.get("round", []), "name", "round"),
        "item": _merged(own.get("item", []), built_in.get("item", []), "id", "item"),
        **{key: value for key, value in own.items() if key not in {"base", "round", "item"}},
    }


def _merged(
    changes: Sequence[Mapping[str, Any]], usual: Sequence[Mapping[str, Any]], key: str, words: str
) -> list[dict[str, Any]]:
    merged = {str(one[key]): dict(one) for one in usual}
    changed = set[str]()
    for change in changes:
        if not isinstance(change, Mapping) or not isinstance(change.get(key), str):
            raise LayerProblem(f'every {words} needs {key} = "...", by which it is known')
        name = str(change[key])
        if name in changed:
            raise LayerProblem(f"it has the {words} {name} twice")
        changed.add(name)
        merged[name] = {**merged.get(name, {}), **change}
    return list(merged.values())
