"""Where in a module something can be wrong, and the module with it being wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from faultlab.mutating.model.operators import OPERATORS, Replacement, ten_times

_FILTERS = frozenset({"where", "having", "filter"})
_CONDITIONS = ("list[ColumnElement[bool]]", "Sequence[ColumnElement[bool]]")
_LONGEST = 90


@dataclass(frozen=True)
class Place:
    """One change: the child of `parent` in `field` (at `index`, where it is a list) becomes `instead`, or goes."""

    kind: str
    function: str
    statement: ast.stmt
    parent: ast.AST
    field: str
    index: int | None
    instead: ast.AST | None

    @property
    def node(self) -> ast.AST:
        there = getattr(self.parent, self.field)
        child: ast.AST = there if self.index is None else there[self.index]
        return child

    @property
    def line(self) -> int:
        return int(getattr(self.node, "lineno", self.statement.lineno))

    @property
    def words(self) -> str:
        """What was there, and what is there now."""
        before = _short(self.node)
        return f"{before} → {_short(self.instead)}" if self.instead is not None else f"without {before}"

    def put_in(self) -> None:
        instead = None if self.instead is None else ast.copy_location(self.instead, self.node)
        if self.index is None:
            setattr(self.parent, self.field, instead)
        elif instead is None:
            del getattr(self.parent, self.field)[self.index]
        else:
            getattr(self.parent, self.field)[self.index] = instead


def places_in(tree: ast.Module) -> list[Place]:
    """Every change that could be made, always in the same order."""
    found: list[Place] = []
    for statement, names, returned in _statements(tree.body, ()):
        found += _of_statement(statement, ".".join(names), returned)
    return found


def mutated(source: str, number: int) -> ast.Module:
    """The module with the change of this number in it, and nothing else changed."""
    tree = ast.parse(source)
    places_in(tree)[number].put_in()
    return ast.fix_missing_locations(tree)


def _statements(
    body: Sequence[ast.stmt], names: tuple[str, ...], returned: str = ""
) -> Iterator[tuple[ast.stmt, tuple[str, ...], str]]:
    """Statements, each with the names of the class and function that it stands in, and what that returns.

    Those for types alone are left out.
    """
    for one in body:
        if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test):
            continue
        if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            returns = ast.unparse(one.returns) if isinstance(one, ast.FunctionDef) and one.returns else ""
            yield from _statements(one.body, (*names, one.name), returns)
            continue
        yield one, names, returned
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(one, field, []), names, returned)
        for handler in getattr(one, "handlers", []):
            yield from _statements(handler.body, names, returned)


def _of_statement(statement: ast.stmt, function: str, returned: str) -> Iterator[Place]:
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Assert | ast.Raise):
        return
    if isinstance(statement, ast.If):
        yield Place("branch", function, statement, statement, "test", None, ast.Constant(False))
    lists = returned.startswith("list[") and returned not in _CONDITIONS
    if lists and isinstance(statement, ast.Return) and statement.value and ast.unparse(statement.value) != "[]":
        yield Place("emptied", function, statement, statement, "value", None, ast.List([], ast.Load()))
    conditions = {id(part) for test in _tests(statement) for part in ast.walk(test)}
    for parent, field, index, child in _children(statement):
        droppable = index is not None and _is_condition(parent, field, statement, returned)
        if droppable:
            yield Place("condition", function, statement, parent, field, index, None)
        for kind, instead in _replacements(parent, field, child, function):
            if not _says_the_same_twice(kind, child, droppable=droppable, is_condition=id(child) in conditions):
                yield Place(kind, function, statement, parent, field, index, instead)


def _says_the_same_twice(kind: str, child: ast.AST, *, droppable: bool, is_condition: bool) -> bool:
    """Whether something coarser than another change of the same place: few mutants, and each a question of its own."""
    if kind == "comparison" and not _has_an_edge(child):
        return droppable or is_condition
    if kind == "and-or":
        return isinstance(child, ast.Call) and not any(isinstance(one, ast.Starred) for one in child.args)
    return kind == "negation" and (droppable or is_condition)


def _has_an_edge(child: ast.AST) -> bool:
    return isinstance(child, ast.Compare) and isinstance(child.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)


def _tests(statement: ast.stmt) -> Iterator[ast.expr]:
    """What branches are chosen by: never taking them says it all."""
    if isinstance(statement, ast.If):
        yield statement.test
        return
    for part in ast.walk(statement):
        if isinstance(part, ast.IfExp):
            yield part.test


def _replacements(parent: ast.AST, field: str, child: ast.AST, function: str) -> Iterator[Replacement]:
    for operator in OPERATORS:
        yield from operator(child)
    if isinstance(parent, ast.Compare) or (field == "value" and isinstance(parent, ast.keyword)) or not function:
        yield from ten_times(child)
    if isinstance(parent, ast.keyword) and parent.arg == "wrong" and isinstance(child, ast.expr):
        nothing = ast.UnaryOp(ast.Invert(), deepcopy(child))
        yield "emptied", ast.BinOp(deepcopy(child), ast.BitAnd(), nothing)


def _is_condition(parent: ast.AST, field: str, statement: ast.stmt, returned: str) -> bool:
    """Whether the child is one of several conditions, any of which may be forgotten."""
    if isinstance(parent, ast.Call) and field == "args":
        called = parent.func
        if isinstance(called, ast.Attribute):
            return called.attr in _FILTERS
        return isinstance(called, ast.Name) and called.id in {"and_", "or_"} and len(parent.args) > 1
    if isinstance(parent, ast.comprehension):
        return field == "ifs"
    if not isinstance(parent, ast.List | ast.Tuple) or field != "elts":
        return False
    if isinstance(statement, ast.Return) and statement.value is parent:
        return returned in _CONDITIONS
    return any(
        isinstance(one, ast.keyword) and one.arg == "among" and one.value is parent for one in ast.walk(statement)
    )


def _children(statement: ast.stmt) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every part of a statement with where it hangs, but for the statements inside of it and the words of types."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        parent = waiting.pop(0)
        for field, value in ast.iter_fields(parent):
            if field in {"annotation", "returns", "slice", "format_spec"}:
                continue
            several = isinstance(value, list)
            for index, child in enumerate(value if several else [value]):
                if isinstance(child, ast.AST) and not isinstance(child, ast.stmt | ast.ExceptHandler):
                    yield parent, field, index if several else None, child
                    waiting.append(child)


def _short(node: ast.AST) -> str:
    words = ast.unparse(node).replace("\n", " ")
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}..."
