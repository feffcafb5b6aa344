"""The list of what became of each mutant, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from faultlab.mutating.model.fate import HEALTHY_SYSTEM, Fate
from faultlab.mutating.model.mutant import Mutant


def write_mutants(fates: Sequence[Fate], folder: Path) -> Path:
    """mutants.json and mutants.md; the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(fates, key=lambda fate: (fate.mutant.file, fate.mutant.line, fate.mutant.number))
    listed = json.dumps([fate.as_dict() for fate in ordered], indent=1)
    (folder / "mutants.json").write_text(listed + "\n", encoding="utf-8")
    written = folder / "mutants.md"
    written.write_text(in_words(ordered), encoding="utf-8")
    return written


def noticed_in(folder: Path, mutants: Iterable[Mutant]) -> list[Fate]:
    """Those of the mutants that were noticed when mutants.json was written; none where there is no such file."""
    path = folder / "mutants.json"
    if not path.exists():
        return []
    results_by_id = {one["id"]: one for one in json.loads(path.read_text(encoding="utf-8"))}
    found = [(mutant, results_by_id[mutant.id]) for mutant in mutants if mutant.id in results_by_id]
    return [
        Fate(mutant, one["killed_by"], one["how"], tuple(one["tried"]), one["reached"], one["own_tests"])
        for mutant, one in found
        if one["killed_by"] and one["words"] == mutant.words
    ]


def counted(fates: Sequence[Fate]) -> str:
    """How many there are, and what became of them, in words."""
    killed = sum(bool(fate.killed_by) for fate in fates)
    explained = sum(bool(fate.explained) for fate in fates)
    surviving = sum(fate.survives for fate in fates)
    return (
        f"{len(fates)} mutants: {killed} were noticed, {explained} cannot be, for a reason, "
        f"{surviving} survive without one."
    )


def in_words(fates: Sequence[Fate]) -> str:
    """The list as Markdown: survivors first."""
    surviving = [fate for fate in fates if fate.survives]
    explained = [fate for fate in fates if fate.explained]
    killed = [fate for fate in fates if fate.killed_by]
    beyond = [fate for fate in fates if not fate.run_through and not fate.killed_by]
    lines = ["# Mutants of the operations model", "", f"{counted(fates)} {_beyond(fates, len(beyond))}".strip()]
    lines += _part("Nobody notices them", surviving, _tried)
    lines += _part("Cannot be noticed", explained, lambda fate: fate.explained)
    lines += _part("Noticed", killed, lambda fate: f"{_by(fate)}: {fate.how}")
    if beyond:
        by_file = Counter(fate.mutant.file for fate in beyond)
        lines += ["", "## Nothing that was asked runs through them", ""]
        lines += [f"- `{file}`: {many}" for file, many in sorted(by_file.items())]
    return "\n".join(lines) + "\n"


def _part(title: str, fates: Sequence[Fate], says: Callable[[Fate], str]) -> list[str]:
    lines = [f"- `{fate.mutant.place}` {fate.mutant.kind}: `{fate.mutant.words}`: {says(fate)}" for fate in fates]
    return ["", f"## {title}", "", *lines] if lines else []


def _by(fate: Fate) -> str:
    return fate.killed_by if fate.killed_by == HEALTHY_SYSTEM else f"`{fate.killed_by}`"


def _beyond(fates: Sequence[Fate], many: int) -> str:
    if not many:
        return ""
    if any(fate.own_tests is not None for fate in fates):
        return f"Through {many} neither the embedded system nor any of the tests that were asked ever runs."
    return (
        f"{many} stand where the embedded system never comes: they are for other engines and other mappings, "
        "which the project's own tests try."
    )


def _tried(fate: Fate) -> str:
    first = ", ".join(fate.tried[:3])
    attempts = f"{len(fate.tried)} looks ended as ever ({first}{', ...' if len(fate.tried) > 3 else ''})"
    own = f"{fate.own_tests} own tests run through it" if fate.own_tests is not None else fate.how
    return f"{attempts}; {own}" if own else attempts
