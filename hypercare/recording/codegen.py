"""What somebody did in a browser, as Playwright's codegen wrote it down in Python: read, never run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_ACTIONS = {"goto", "fill", "type", "click", "dblclick", "check", "press", "select_option", "set_checked"}
_FINDERS = {"get_by_role", "get_by_label", "get_by_text", "get_by_placeholder", "get_by_test_id", "locator", "filter"}


class NotARecording(Exception):
    """The file is not what codegen writes; the message is one line."""


@dataclass(frozen=True)
class ElementLocator:
    """How a part of the page was found: by "role" (with its name), "label", "text", "placeholder", "css"."""

    by: str
    words: str = ""
    name: str = ""
    exact: bool = False
    place: int | None = None


@dataclass(frozen=True)
class Action:
    """One thing that was done, or with `does` "expect" one that was seen to be there. `found` goes from the outer part
    to the inner; `says_yes` is whether a dialog was accepted."""

    line: int
    does: str
    value: str = ""
    found: tuple[ElementLocator, ...] = field(default=())
    says_yes: bool = False


def actions_in(source: str, name: str = "the recording") -> list[Action]:
    """Everything that was done, in its order.

    Raises:
        NotARecording: it is no Python, or nothing is done on a page in it.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise NotARecording(f"{name} is not Python: {error.msg} (line {error.lineno})") from None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    calls.sort(key=lambda node: node.lineno)
    actions: list[Action] = []
    yes = False
    for node in calls:
        assert isinstance(node.value, ast.Call)
        if _is_dialog(node.value):
            yes = "accept" in ast.dump(node.value)
            continue
        action = _action(node.value, says_yes=yes)
        if action is not None:
            actions.append(action)
            yes = False
    if not actions:
        raise NotARecording(f"{name} does nothing on a page; record with: playwright codegen --target python URL")
    return actions


def _action(call: ast.Call, *, says_yes: bool) -> Action | None:
    if not isinstance(call.func, ast.Attribute):
        return None
    does, base = call.func.attr, call.func.value
    if does in {"to_be_visible", "to_contain_text"} and isinstance(base, ast.Call) and base.args:
        found = _chain(base.args[0])
        return Action(call.lineno, "expect", _text(call, 0), tuple(found)) if found else None
    if does not in _ACTIONS:
        return None
    if does == "goto":
        return Action(call.lineno, "goto", _text(call, 0))
    found = _chain(base)
    if not found and does != "press":
        return None
    return Action(call.lineno, does, _text(call, 0), tuple(found), says_yes)


def _chain(node: ast.expr) -> list[ElementLocator]:
    """page.get_by_role(...).get_by_label(...).nth(1): from the outer part to the inner."""
    if isinstance(node, ast.Attribute):
        found = _chain(node.value)
        return [*found[:-1], _placed(found[-1], 1)] if found and node.attr == "first" else found
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    found, method = _chain(node.func.value), node.func.attr
    if method == "nth" and found:
        number = node.args[0]
        place = number.value + 1 if isinstance(number, ast.Constant) and isinstance(number.value, int) else 1
        return [*found[:-1], _placed(found[-1], place)]
    if method not in _FINDERS:
        return found
    return [*found, _one_found(method, node)]


def _one_found(method: str, node: ast.Call) -> ElementLocator:
    words = {keyword.arg: keyword.value for keyword in node.keywords}
    exact = isinstance(words.get("exact"), ast.Constant) and bool(words["exact"].value)  # type: ignore[attr-defined]
    by = {"locator": "css", "filter": "filter"}.get(method, method.removeprefix("get_by_"))
    name = _constant(words.get("name") or words.get("has_text"))
    return ElementLocator(by, _text(node, 0), name, exact)


def _placed(found: ElementLocator, place: int) -> ElementLocator:
    return ElementLocator(found.by, found.words, found.name, found.exact, place)


def _is_dialog(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"once", "on"} and _text(call, 0) == "dialog"


def _text(call: ast.Call, place: int) -> str:
    return _constant(call.args[place]) if len(call.args) > place else ""


def _constant(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""
