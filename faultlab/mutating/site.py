"""The places at which a check says no: what is taken out there makes the check weaker."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.suite_run import FOLDERS, PROJECT

_SAYS_NO = "expect"
_ASKS = "require_"


@dataclass(frozen=True)
class Site:
    """A statement of a check. `file` is relative to the project, `words` how the statement begins."""

    file: str
    function: str
    line: int
    words: str

    @property
    def id(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def check(self) -> str:
        """The check's id for pytest, without parameters."""
        return f"{self.file}::{self.function}"


def all_sites() -> list[Site]:
    """Every statement of a check that may fail it."""
    files = sorted(path for folder in FOLDERS for path in (PROJECT / folder).glob("test_*.py"))
    return [site for path in files for site in sites_in(path)]


def sites_in(path: Path) -> Iterator[Site]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for statement in ast.walk(function):
                if isinstance(statement, ast.Expr) and _may_fail(statement.value):
                    words = ast.unparse(statement).replace("\n", " ")[:90]
                    yield Site(str(path.relative_to(PROJECT)), function.name, statement.lineno, words)


def without(source: str, line: int) -> ast.Module:
    """A module without the statement that begins on this line.

    Raises LookupError when none does.
    """
    tree = ast.parse(source)
    for parent in ast.walk(tree):
        body = getattr(parent, "body", None)
        if isinstance(body, list) and (place := _at(body, line)) is not None:
            gone = body[place]
            body[place] = ast.copy_location(ast.Pass(), gone)
            return tree
    raise LookupError(f"no statement begins on line {line}")


def _at(body: Sequence[ast.stmt], line: int) -> int | None:
    return next((n for n, one in enumerate(body) if isinstance(one, ast.Expr) and one.lineno == line), None)


def _may_fail(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id.startswith((_SAYS_NO, _ASKS))
    return isinstance(value.func, ast.Attribute) and value.func.attr.startswith(_ASKS)
