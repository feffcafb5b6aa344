"""The house rules of docs/design.md: which way the arrows run, and what a file may be."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("hypercare", "demo_erp", "faultlab", "benchmarks", "tests", *(path.name for path in ROOT.glob("tests_*")))
MAY_START_THEM = {("adapters", "demo"), ("commands",)}
WHERE_ADAPTERS_ARE_CHOSEN = "hypercare/target_file/known_adapters.py"
LONGEST = 400
LARGEST_FOLDER = 6000
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager"}
# What tools make and clean, and leave out when they search or pack.
BUILD_OUTPUT = {
    "target",
    "build",
    "dist",
    "out",
    "bin",
    "obj",
    "lib",
    "env",
    "venv",
    "tmp",
    "cache",
    "coverage",
    "site",
}
PROGRAMS = ("hypercare", "faultlab", "demo_erp")


def files_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def every_import(path: Path) -> Sequence[str]:
    """All modules that a file imports, wherever in it."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [module for node in nodes for module in _modules(node)]


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        # `from hypercare import target` is an import of hypercare.target.
        yield from (f"{node.module}.{name.name}" for name in node.names) if "." not in node.module else (node.module,)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def arrows_between_modules() -> Mapping[str, set[str]]:
    """Which module of ours imports which, for types and within functions too."""
    modules = {name_of(path): path for path in files_of(*PROGRAMS)}
    return {name: set(_imported(name, path, modules)) - {name} for name, path in modules.items()}


def _imported(name: str, path: Path, modules: Collection[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = (f"{node.module}.{one.name}" for one in node.names)
            yield from (one if one in modules else node.module for one in whole if {one, node.module} & set(modules))


def test_no_modules_import_each_other_in_a_circle() -> None:
    require_no_circle(arrows_between_modules())


@pytest.mark.parametrize("depth", [2, 3])
def test_no_folders_import_each_other_in_a_circle(depth: int) -> None:
    """A module that lies beside the folders is one of its own."""
    arrows: dict[str, set[str]] = {}
    for module, imported in arrows_between_modules().items():
        own = ".".join(module.split(".")[:depth])
        others = {".".join(one.split(".")[:depth]) for one in imported}
        beside = {one for one in others if not f"{one}.".startswith(f"{own}.") and not f"{own}.".startswith(f"{one}.")}
        arrows.setdefault(own, set()).update(beside)
    require_no_circle(arrows)


def require_no_circle(arrows: Mapping[str, set[str]]) -> None:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as circle:
        pytest.fail(f"these import each other: {' <- '.join(circle.args[1])}")


def test_no_folder_is_too_large_to_be_known() -> None:
    lines: Counter[str] = Counter()
    for path in files_of(*PROGRAMS):
        lines[".".join(name_of(path).split(".")[:2])] += len(path.read_text(encoding="utf-8").splitlines())
    assert {folder: many for folder, many in lines.items() if many > LARGEST_FOLDER} == {}


def test_no_folder_bears_the_name_of_what_tools_build() -> None:
    folders = {path.parent.relative_to(ROOT) for path in files_of(*OURS)}
    assert sorted(str(folder) for folder in folders if BUILD_OUTPUT & set(folder.parts)) == []


def test_only_what_starts_the_embedded_system_knows_it() -> None:
    strangers = [
        path
        for path in files_that_may_not_start_them()
        if any(module.split(".")[0] in {"demo_erp", "faultlab"} for module in every_import(path))
    ]
    assert strangers == []


def test_its_adapter_is_named_only_where_adapters_are_chosen() -> None:
    """Neither imported nor as text: the core asks for what it needs by narrow protocols."""
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in files_that_may_not_start_them()
        if any(word in path.read_text(encoding="utf-8") for word in ("adapters.demo", "EmbeddedSystem"))
        or any(module.startswith("hypercare.adapters.demo") for module in every_import(path))
    }
    assert naming == {WHERE_ADAPTERS_ARE_CHOSEN}


def files_that_may_not_start_them() -> Iterator[Path]:
    for path in files_of("hypercare"):
        inside = path.relative_to(ROOT / "hypercare").parts
        if not any(inside[: len(place)] == place for place in MAY_START_THEM):
            yield path


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


def test_the_checks_bear_no_mark_of_this_repository() -> None:
    """They are collected in projects that know none of its marks but the plug-in's, and may hold to theirs strictly."""
    marks = {
        (path.name, mark)
        for path in files_of(*(folder.name for folder in ROOT.glob("tests_*")))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and (mark := ast.unparse(node)).startswith("pytest.mark.")
    }
    assert {mark for _, mark in marks} - {
        "pytest.mark.item",
        "pytest.mark.alone",
        "pytest.mark.usefixtures",
        "pytest.mark.parametrize",
    } == set()


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
