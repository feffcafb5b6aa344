"""The list of what became of each weakened check, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from faultlab.mutating.run import Fate


def write_fates(fates: Sequence[Fate], folder: Path) -> Path:
    """weakened.json and weakened.md; the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(fates, key=lambda fate: (fate.site.file, fate.site.line))
    listed = json.dumps([fate.as_dict() for fate in ordered], indent=1)
    (folder / "weakened.json").write_text(listed + "\n", encoding="utf-8")
    written = folder / "weakened.md"
    written.write_text(_in_words(ordered), encoding="utf-8")
    return written


def _in_words(fates: Sequence[Fate]) -> str:
    missed = [fate for fate in fates if fate.killed_by]
    doubled = [fate for fate in fates if fate.doubled and not fate.killed_by]
    explained = [fate for fate in fates if fate.explained and not (fate.killed_by or fate.doubled)]
    surviving = [fate for fate in fates if fate.survives]
    lines = [
        "# Weakened checks",
        "",
        f"{len(fates)} statements were taken out of the checks, one at a time. {len(missed)} were missed by a fault "
        f"that then went unnoticed; {len(doubled)} tell of a fault that another "
        f"statement of the same item tells of in their place; {len(explained)} cannot be missed by any, for a reason; "
        f"{len(surviving)} survive "
        "without one.",
    ]
    if surviving:
        lines += ["", "## Nobody misses them", "", *(_line(fate, fate.trouble) for fate in surviving)]
    if doubled:
        lines += ["", "## Another tells in their place", "", *(_line(fate, fate.doubled) for fate in doubled)]
    if explained:
        lines += ["", "## Cannot be missed", "", *(_line(fate, fate.explained) for fate in explained)]
    lines += ["", "## Missed", "", *(_line(fate, fate.killed_by) for fate in missed)]
    return "\n".join(lines) + "\n"


def _line(fate: Fate, why: str) -> str:
    return f"- `{fate.site.id}` `{fate.site.words}`" + (f": {why}" if why else "")
