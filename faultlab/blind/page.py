"""What came of a run, as a page: how many of each kind were noticed at the right level, and each by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from faultlab.blind.run import DrawingResult
from faultlab.blind.shape import QUIET, Kind

_MOST_WORDS = 200


def page_of(looks: Sequence[DrawingResult], title: str) -> str:
    """Markdown."""
    return "\n".join([f"## {title}\n", *_by_kind(looks), "", *_each(looks), ""])


def counts_of(looks: Sequence[DrawingResult]) -> dict[str, int]:
    """faults, noticed, at the right level, healthy days, cried at; what could not be put in is in none of them."""
    faults = [one for one in looks if not one.drawing.shape.healthy and not one.trouble]
    healthy = [one for one in looks if one.drawing.shape.healthy and not one.trouble]
    return {
        "faults": len(faults),
        "noticed": sum(one.noticed for one in faults),
        "right": sum(one.right for one in faults),
        "healthy": len(healthy),
        "cried": sum(one.noticed for one in healthy),
    }


def _by_kind(looks: Sequence[DrawingResult]) -> Iterator[str]:
    counts = counts_of(looks)
    share = f"{counts['right'] / counts['faults']:.0%}" if counts["faults"] else "none"
    yield (
        f"Of {counts['faults']} faults {counts['noticed']} were noticed, {counts['right']} at the level that a person "
        f"expects ({share}); of {counts['healthy']} healthy days {counts['cried']} were cried at.\n"
    )
    yield "| kind | faults | noticed | at the right level |\n|---|---|---|---|"
    of, noticed, right = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    for one in looks:
        kind = one.drawing.shape.kind
        if kind is not Kind.HEALTHY and not one.trouble:
            of[kind] += 1
            noticed[kind] += one.noticed
            right[kind] += one.right
    for kind in of:
        yield f"| {kind.value} | {of[kind]} | {noticed[kind]} | {right[kind]} |"


def _each(looks: Sequence[DrawingResult]) -> Iterator[str]:
    yield "| what happens | drawn | expected | told | by |\n|---|---|---|---|---|"
    for one in looks:
        shape = one.drawing.shape
        expected = " or ".join(shape.expected) or QUIET
        told = one.trouble or (one.level if one.right else f"**{one.level}**")
        said = one.said[0] if one.said else ""
        cells = (shape.happens, one.drawing.chosen, expected, told, _short(said))
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _short(said: str) -> str:
    words = " ".join(said.split())
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS].rstrip()}…"
