"""What checks asked the database, as a round left it among its results for Allure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercare.reports.allure_results import check_of, key_of, read_result
from hypercare.safe_text import cut

_MARK = "SQL: "
# More of one statement, or more statements of one check, nobody reads on a page; Allure has them whole.
LONGEST, MOST = 6_000, 40


@dataclass(frozen=True)
class Question:
    """`about` is what it was put for, `statement` its SQL with the values that it was asked with."""

    about: str
    statement: str


def questions_of(results: Path, checks: Iterable[str]) -> dict[str, list[Question]]:
    """By the ids of those `checks` that asked any: their questions in order, each once.

    A folder that is not there is that of a round on another machine, and tells of none.
    """
    by_key = {key_of(check): check for check in checks}
    found: dict[str, list[Question]] = {}
    for path in sorted(results.glob("*-result.json")):
        content = read_result(path) or {}
        check = check_of(content, by_key)
        if check is None:
            continue
        asked = list(dict.fromkeys([*found.get(check, []), *_asked(content, results)]))
        if asked:
            found[check] = asked
    return found


def shown(asked: Sequence[Question]) -> Sequence[Question]:
    return asked[:MOST]


def _asked(content: Mapping[str, Any], folder: Path) -> Iterator[Question]:
    for attachment in content.get("attachments") or []:
        name = str(attachment.get("name", ""))
        if not name.startswith(_MARK):
            continue
        try:
            # Only the name: nothing that a result says leads out of its folder.
            text = (folder / Path(str(attachment.get("source", ""))).name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        yield Question(cut(name.removeprefix(_MARK)), cut(text, LONGEST))
