"""The ways in which a line of the operations model can be wrong, as changes of its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy

# A kind of mistake and what stands there instead; nothing stands for the part being left out.
Replacement = tuple[str, ast.expr | None]
Operator = Callable[[ast.AST], Iterator[Replacement]]

_EDGES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPPOSITES = {"is_": "is_not", "is_not": "is_", "in_": "not_in", "not_in": "in_"}
_JOINED = {"and_": "or_", "or_": "and_"}
_TEN = 10


def comparison(node: ast.AST) -> Iterator[Replacement]:
    """Moved by its edge, or turned round where it has none."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = deepcopy(node)
        other.ops = [_EDGES[type(node.ops[0])]()]
        yield "comparison", other
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _OPPOSITES:
        turned = deepcopy(node)
        assert isinstance(turned.func, ast.Attribute)
        turned.func.attr = _OPPOSITES[node.func.attr]
        yield "comparison", turned


def joining(node: ast.AST) -> Iterator[Replacement]:
    """`and` in place of `or`, and the other way round."""
    if isinstance(node, ast.BoolOp):
        other = deepcopy(node)
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and-or", other
    if isinstance(node, ast.Call) and _name(node.func) in _JOINED and _several(node):
        swapped = deepcopy(node)
        swapped.func = ast.Name(_JOINED[_name(node.func)], ast.Load())
        yield "and-or", swapped


def negation(node: ast.AST) -> Iterator[Replacement]:
    """A `not` forgotten."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield "negation", node.operand
    if isinstance(node, ast.Call) and _name(node.func) == "not_" and len(node.args) == 1:
        yield "negation", node.args[0]


def branch(node: ast.AST) -> Iterator[Replacement]:
    """A branch never taken. Yields the whole expression; of statements see `tests_of`."""
    if isinstance(node, ast.IfExp):
        yield "branch", node.orelse


def size(node: ast.AST) -> Iterator[Replacement]:
    """The sign of a difference kept where only its size matters."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and _name(node.func) == "abs":
        yield "size", node.args[0]


def arithmetic(node: ast.AST) -> Iterator[Replacement]:
    """Plus in place of minus, and the other way round."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and not _joins_words(node):
        other = deepcopy(node)
        other.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield "arithmetic", other


OPERATORS: tuple[Operator, ...] = (comparison, joining, negation, branch, size, arithmetic)


def ten_times(node: ast.AST) -> Iterator[Replacement]:
    """A threshold ten times as large; also one that is written as SQL."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    if isinstance(node.value, int | float) and node.value:
        yield "threshold", ast.Constant(node.value * _TEN)
    elif isinstance(node.value, str) and (number := _number(node.value)):
        yield "threshold", ast.Constant(str(number * _TEN))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute) and _name(function.value) == "func":
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _several(call: ast.Call) -> bool:
    return len(call.args) > 1 or any(isinstance(one, ast.Starred) for one in call.args)


def _joins_words(node: ast.BinOp) -> bool:
    return any(
        isinstance(part, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for side in (node.left, node.right)
        for part in ast.walk(side)
        if part is side or isinstance(side, ast.BinOp)
    )


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return 0.0
