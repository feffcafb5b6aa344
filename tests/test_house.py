"""The house rules of docs/design.md: which way the arrows run, and what a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("hypercare", "demo_erp", "faultlab", "benchmarks", "tests", *(path.name for path in ROOT.glob("tests_*")))
MAY_START_THEM = {("adapters", "demo"), ("commands",)}
LONGEST = 400
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager"}


def files_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def every_import(path: Path) -> Iterator[str]:
    """All modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        yield from _modules(node)


def imports_at_start(path: Path) -> Iterator[str]:
    """The modules that a file imports as it is loaded: not for types alone, and not within a function."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += node.orelse
            continue
        yield from _modules(node)
        waiting += ast.iter_child_nodes(node)


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        # `from hypercare import target` is an import of hypercare.target.
        yield from (f"{node.module}.{name.name}" for name in node.names) if "." not in node.module else (node.module,)


def folder_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "hypercare").parts
    return parts[0] if len(parts) > 1 else path.stem


def test_folders_do_not_import_each_other_in_a_circle() -> None:
    arrows: dict[str, set[str]] = {}
    for path in files_of("hypercare"):
        to = {module.split(".")[1] for module in imports_at_start(path) if module.startswith("hypercare.")}
        arrows.setdefault(folder_of(path), set()).update(to - {folder_of(path)})
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as circle:
        pytest.fail(f"these folders import each other: {' <- '.join(circle.args[1])}")


def test_only_what_starts_the_embedded_system_knows_it() -> None:
    strangers = [
        path
        for path in files_of("hypercare")
        if not any(path.relative_to(ROOT / "hypercare").parts[: len(place)] == place for place in MAY_START_THEM)
        and any(module.split(".")[0] in {"demo_erp", "faultlab"} for module in every_import(path))
    ]
    assert strangers == []


def test_the_embedded_system_knows_nothing_of_the_suite() -> None:
    strangers = [
        path
        for path in files_of("demo_erp")
        if any(module.split(".")[0] in {"hypercare", "faultlab"} for module in every_import(path))
    ]
    assert strangers == []


def test_no_file_is_too_long_to_be_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files_of(*OURS)}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_module_is_named_for_what_it_does() -> None:
    assert [path for path in files_of(*OURS) if {path.stem, path.parent.name} & SAY_NOTHING] == []


def test_no_test_is_named_by_the_moment_it_was_collected() -> None:
    """Workers that collect at different moments would not find the same tests, and none would run."""
    by_the_clock = [
        f"{path.relative_to(ROOT)}:{decorator.lineno}"
        for path in files_of("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if any(_asks_the_clock(part) for part in ast.walk(decorator))
    ]
    assert by_the_clock == []


def _asks_the_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"datetime.now", "date.today", "time.time"}


def test_what_tests_share_is_imported_by_its_full_name() -> None:
    """Every folder is a package: two files may bear one name, and no order of loading decides which is found."""
    assert [path for path in folders_of_tests() if not (path / "__init__.py").exists()] == []
    elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files_of("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path"
    ]
    assert elsewhere == [], "say `from tests.<folder>.<file> import ...`"


def folders_of_tests() -> set[Path]:
    return {path.parent for path in files_of("tests")}
