"""JMESPath expressions and regular expressions of the target file: checked when it is read, not when they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any


def check_expression(text: str) -> str:
    """Raises ValueError, in one line, for what is not JMESPath."""
    if text:
        _compiled(text)
    return text


def check_pattern(text: str) -> str:
    """Raises ValueError for what is not a regular expression with at least one group."""
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None
    if not compiled.groups:
        raise ValueError(f"{text!r} needs a pair of brackets around the part that is wanted")
    return text


def found(expression: str, document: Any) -> Any:
    """What an expression finds in a document; the document itself when the expression is empty, None for nothing.

    Raises:
        ValueError: a function was given what it cannot work on.
    """
    from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

    if not expression:
        return document
    try:
        return _compiled(expression).search(document)
    except JMESPathError as error:
        raise ValueError(f"the expression {expression!r} does not fit what came: {_plain(error)}") from None


def decided_on(expression: str) -> frozenset[str]:
    """The names at the top of a document that an expression compares, filters or counts, and so decides on itself."""
    return frozenset(_decided_on(_compiled(expression).parsed)) if expression else frozenset()


_DECIDING = {"comparator", "filter_projection", "not_expression", "function_expression"}


def _decided_on(node: dict[str, Any], *, deciding: bool = False) -> Iterator[str]:
    """What lies beyond the first child of a path is not at the top any more."""
    kind, children = node["type"], node.get("children", [])
    deciding = deciding or kind in _DECIDING
    if kind == "field" and deciding:
        yield str(node["value"])
    at_top = (
        children[:1]
        if kind.endswith("projection") or kind in {"subexpression", "index_expression", "pipe"}
        else children
    )
    for child in at_top:
        yield from _decided_on(child, deciding=deciding)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Any:
    # Imported here: a target file without expressions does not pay for it.
    import jmespath  # type: ignore[import-untyped]
    from jmespath.exceptions import JMESPathError

    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(f"{text!r} is not a JMESPath expression: {_plain(error)}{_nearest(text)}") from None
    _check_functions(text, compiled.parsed)
    return compiled


def _check_functions(text: str, node: Any) -> None:
    from jmespath.functions import Functions  # type: ignore[import-untyped]

    if not isinstance(node, dict):
        return
    name = node.get("value")
    if node.get("type") == "function_expression" and name not in Functions.FUNCTION_TABLE:
        near = get_close_matches(str(name), Functions.FUNCTION_TABLE, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{text!r} is not a JMESPath expression: there is no function {name!r}{hint}")
    for child in node.get("children", ()):
        _check_functions(text, child)


def _plain(error: Exception) -> str:
    at = getattr(error, "lex_position", None)
    message = str(error).splitlines()[0]
    for start in ("Bad jmespath expression: ", "Invalid jmespath expression: "):
        message = message.removeprefix(start)
    message = message.rstrip(":. ")
    message = message[:1].lower() + message[1:]
    return f"{message} at character {at + 1}" if isinstance(at, int) and "character" not in message else message


def _nearest(text: str) -> str:
    """What was probably meant: most slips are JSONPath, or an ordinary comparison where JMESPath wants quotes."""
    guess = text
    if guess.startswith("$"):
        guess = guess.lstrip("$").lstrip(".").replace("[?(@.", "[?").replace(")]", "]")
    guess = re.sub(r"(?<![=!<>])=(?!=)", "==", guess)
    guess = re.sub(r'==\s*"([^"]*)"', r"=='\1'", guess)
    guess += "]" * (guess.count("[") - guess.count("]")) + "}" * (guess.count("{") - guess.count("}"))
    if guess == text:
        return ""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        jmespath.compile(guess)
    except JMESPathError:
        return ""
    return f"; did you mean {guess!r}?"
