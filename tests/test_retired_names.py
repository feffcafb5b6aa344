"""Names that the code has given up for the field's own terms: none of them comes back as an identifier.

In sentences the same words are free, and so are texts: a key of a file or a table stays what it is. docs/glossary.md
has the words that took their place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
PROGRAMS = ("hypercare", "faultlab", "demo_erp", "benchmarks", *(path.name for path in ROOT.glob("tests_*")))
# The old keys of the target file, which it still reads for one version.
ACCEPTED = {"hypercare/target_file/renamed_keys.py"}

# Old name: what it is called now. With a leading underscore it is the same name.
EVERYWHERE = {
    "Noun": "Resource",
    "Door": "Client",
    "door": "client",
    "Look": "what it is: Query, PageSession, Result ...",
    "Walls": "BranchIsolation",
    "walls": "branch_isolation",
    "proposing": "init",
    "belonging": "branch_membership",
    "is_strange": "has_unknown_value",
    "Clockface": "TimestampFormat",
    "A_HAIR": "ROUNDING_TOLERANCE",
    "of_one_purchase": "likely_duplicates",
    "may_be_innocent": "may_be_caused_by_database",
    "Keeper": "ResultJournal",
    "keeper": "journal",
    "salvaging": "recovery",
    "salvage": "recover_results",
    "passing_on": "notify",
    "last_words": "publish_partial_report",
    "IncidentLife": "IncidentState",
    "seeing": "on_failure",
    "left_by_the_dead": "orphaned_entries",
    "mend": "remedy",
    "WayDown": "ChannelDown",
    "HeldBack": "DryRunStop",
    "Middleman": "FaultProxy",
    "Parcel": "Batch",
    "slowest_twentieth": "p95",
}
# Too good as parts of a longer name to be forbidden there: `known_accounts`, `last_seen`.
ALONE = {"given": "what it holds", "kept": "what it holds", "known": "what it holds"}
# No riddle is one less for standing in a longer name, or in the plural.
AS_A_PART = {
    "noun": "resource",
    "nouns": "resources",
    "keeper": "journal",
    "middleman": "fault proxy",
    "walls": "isolation",
}
OF_A_KIND = {
    "module": {"measuring": "uptime", "holding": "on_recovery"},
    "function": {"apart": "in_different_branches", "left_out": "excluding_canary"},
    "attribute": {"apart": "in_different_branches"},
    "parameter": {"within": "timeout"},
    "argument": {"within": "timeout"},
}
# Published in summary.json and by `hypercare doctor --json`, whose keys only gain.
KEY_OF_A_REMEDY = '"mend"'
WHERE_IT_IS_NAMED = "hypercare/outcome/part.py"
# Folders that still have some; each goes as soon as it has none.
NOT_YET: frozenset[str] = frozenset()


class Identifier(NamedTuple):
    kind: str
    name: str
    place: str


@cache
def identifiers(path: Path) -> tuple[Identifier, ...]:
    where = path.relative_to(ROOT).as_posix()
    modules = (Identifier("module", part, where) for part in path.relative_to(ROOT).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = ((node, *one) for node in ast.walk(tree) for one in _named_by(node))
    return (*modules, *(Identifier(kind, name, f"{where}:{_line(node)}") for node, kind, name in named))


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _named_by(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.ClassDef(name=name):
            yield "class", name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield "function", name
        case ast.arg(arg=name):
            yield "parameter", name
        case ast.keyword(arg=str(name)):
            yield "argument", name
        case ast.Attribute(attr=name):
            yield "attribute", name
        case ast.Name(id=name):
            yield "variable", name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield "variable", name
        case ast.alias(name=name, asname=other):
            yield from (("variable", part) for part in (*name.split("."), *([other] if other else [])))


def instead_of(one: Identifier) -> str | None:
    """What a retired name is called now; None where the name is no retired one."""
    bare = one.name.lstrip("_")
    part = next((part for part in _WORD.findall(bare) if part.lower() in AS_A_PART), None)
    if part is not None:
        return AS_A_PART[part.lower()]
    return EVERYWHERE.get(bare) or ALONE.get(one.name) or OF_A_KIND.get(one.kind, {}).get(bare)


def folder_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts[:-1]
    return "/".join(parts[:2])


def files_by_folder() -> dict[str, list[Path]]:
    folders: dict[str, list[Path]] = {}
    for program in PROGRAMS:
        for path in sorted((ROOT / program).rglob("*.py")):
            if path.relative_to(ROOT).as_posix() not in ACCEPTED:
                folders.setdefault(folder_of(path), []).append(path)
    return folders


FILES = files_by_folder()


def retired_in(folder: str) -> list[str]:
    found = (one for path in FILES[folder] for one in identifiers(path))
    return [f"{one.place}: {one.kind} {one.name}, now {instead_of(one)}" for one in found if instead_of(one)]


@pytest.mark.parametrize("folder", sorted(FILES.keys() - NOT_YET))
def test_no_retired_name_is_an_identifier(folder: str) -> None:
    assert retired_in(folder) == []


@pytest.mark.parametrize("folder", sorted(NOT_YET))
def test_a_folder_is_excused_only_while_it_has_one(folder: str) -> None:
    assert retired_in(folder) != [], "take it out of NOT_YET"


def test_the_published_key_of_a_remedy_stands_in_one_place() -> None:
    texts = {path: path.read_text(encoding="utf-8") for paths in FILES.values() for path in paths}
    naming = {path: text.count(KEY_OF_A_REMEDY) for path, text in texts.items() if KEY_OF_A_REMEDY in text}
    assert naming == {ROOT / WHERE_IT_IS_NAMED: 1}


@pytest.mark.parametrize(
    ("line", "retired"),
    [
        ("class Noun: ...", ["Noun"]),
        ("class OwnNouns: ...", ["OwnNouns"]),
        ("def load_nouns(): ...", ["load_nouns"]),
        ("pronouns = 1", []),
        ("def salvage(): ...", ["salvage"]),
        ("def ask(within): ...", ["within"]),
        ("ask(within=3)", ["within"]),
        ("day.within(week)", []),
        ("given = 1", ["given"]),
        ("given_up = known_accounts", []),
        ("one.kept", ["kept"]),
        ("from hypercare import walls", ["walls"]),
        ("try: ...\nexcept Exception as known: ...", ["known"]),
        ("_A_HAIR = 1", ["_A_HAIR"]),
        ("print('kept within the walls')", []),
    ],
)
def test_a_retired_name_is_found_wherever_it_names_something(line: str, retired: list[str]) -> None:
    named = (Identifier(*one, "") for node in ast.walk(ast.parse(line)) for one in _named_by(node))
    assert [one.name for one in named if instead_of(one)] == retired
