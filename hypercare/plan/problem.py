"""What may be wrong with a checklist, each in one line."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


class ChecklistProblem(Exception):
    """The checklist file cannot be used; the message is one line."""


class UnknownItem(ChecklistProblem):
    def __init__(self, wrong: str, known_ids: list[str], of: str = "checklist") -> None:
        near = get_close_matches(wrong, known_ids, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(f"there is no item {wrong!r} in the {of}.{hint}")


class ItemIsOff(UnknownItem):
    """The plan has no such item any more, since somebody switched it off."""

    def __init__(self, item_id: str, reason: str, by: str) -> None:
        ChecklistProblem.__init__(self, f"the item {item_id} is switched off in the checklist: {reason} ({by})")


class UnknownRound(ChecklistProblem):
    def __init__(self, wrong: str, known_names: Collection[str]) -> None:
        near = get_close_matches(wrong, known_names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known_names)}."
        super().__init__(f"there is no round {wrong!r} in the checklist. {hint}")
