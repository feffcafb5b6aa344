"""Whatever is imported is declared: for everybody, or by an extra and then only where it is needed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hypercare.extras import MODULES

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OURS = {"hypercare", "demo_erp", "faultlab", "tests"}
# Not imported: plug-ins of pytest that work by being there, and data.
WORK_BY_BEING_THERE = {"allure-pytest", "pytest-html", "pytest-timeout", "tzdata"}
TYPES_ONLY = "TYPE_CHECKING"


def name_of(requirement: str) -> str:
    return normalised(re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0])


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


CORE = {name_of(one) for one in PROJECT["dependencies"]}


def of_extras(*extras: str) -> set[str]:
    """The packages of extras, without those that this version of Python needs none of."""
    requirements = (Requirement(one) for extra in extras for one in EXTRAS[extra])
    return {normalised(one.name) for one in requirements if one.marker is None or one.marker.evaluate()}


def imports_of(folder: str, *, when_loaded: bool = False) -> dict[str, set[str]]:
    """Which package of others each file imports; only those that loading the file needs when `when_loaded`."""
    distributions = packages_distributions()
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for module in modules_loaded_by(tree) if when_loaded else modules_of(tree):
            if module not in sys.stdlib_module_names and module not in OURS:
                package = normalised(distributions.get(module, [module])[0])
                found.setdefault(package, set()).add(path.relative_to(ROOT).as_posix())
    return found


def modules_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from modules_in(node)


def modules_loaded_by(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.If) and TYPES_ONLY in ast.unparse(child.test):
            continue
        yield from modules_in(child)
        yield from modules_loaded_by(child)


def modules_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name.partition(".")[0] for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        (
            "hypercare",
            (
                "calendar",
                "duckdb",
                "holidays",
                "languages",
                "logs",
                "mysql",
                "notify",
                "parquet",
                "postgresql",
                "serve",
                "stores",
                "yaml",
            ),
        ),
        ("demo_erp", ("demo",)),
        ("faultlab", ("lab",)),
    ],
)
def test_what_a_folder_imports_is_declared_for_it(folder: str, extras: tuple[str, ...]) -> None:
    declared = CORE | of_extras(*extras)
    assert {package: files for package, files in imports_of(folder).items() if package not in declared} == {}


@pytest.mark.parametrize("folder", ["hypercare", "faultlab"])
def test_what_only_an_extra_holds_is_not_needed_to_load_anything(folder: str) -> None:
    imported = imports_of(folder, when_loaded=True)
    assert {package: files for package, files in imported.items() if package not in CORE} == {}


def test_nothing_is_declared_that_nobody_uses() -> None:
    imported = set().union(*(imports_of(folder) for folder in OURS - {"tests"}))
    assert CORE - imported - WORK_BY_BEING_THERE == set()


@pytest.mark.parametrize("extra", sorted(MODULES))
def test_the_modules_of_an_extra_are_those_of_its_packages(extra: str) -> None:
    distributions = packages_distributions()
    expected = of_extras(extra) - {"hypercare"}
    # Several packages may share the first part of a name.
    brought = [{normalised(package) for package in distributions[module]} & expected for module in MODULES[extra]]
    assert all(brought)
    assert set().union(*brought) == expected


def test_all_is_every_other_extra() -> None:
    (everything,) = EXTRAS["all"]
    assert set(re.findall(r"\w+", everything.partition("[")[2])) == set(EXTRAS) - {"all"} == set(MODULES)


def test_every_dependency_has_a_lowest_version() -> None:
    requirements = [*PROJECT["dependencies"], *(one for extra in EXTRAS.values() for one in extra)]
    assert [one for one in requirements if ">=" not in one and name_of(one) != "hypercare"] == []


def test_the_lock_file_holds_every_dependency() -> None:
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    assert (CORE | of_extras(*EXTRAS)) - {"hypercare"} - locked == set()
