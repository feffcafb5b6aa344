"""Flows of a target file, made from what was done: the log-in apart, what was typed replaced by placeholders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from hypercare.init import toml_text
from hypercare.recording.codegen import Action, ElementLocator

_PASSWORD_WORDS = ("password", "passwort", "kennwort", "passe", "contraseña", "pin")
Step = dict[str, object]


def flows_of(actions: Sequence[Action], verb: str, replacements: Mapping[str, str]) -> dict[str, list[Step]]:
    """The steps of "log_in", if somebody logs in, and of `verb`. `replacements` maps a text to its placeholder."""
    end = _end_of_log_in(actions)
    flows: dict[str, list[Step]] = {}
    if end:
        own = {"{{username}}": "{username}", "{{password}}": "{password}"}
        flows["log_in"] = _steps(_log_in_with_placeholders(actions[:end]), own)
    rest = _steps(actions[end:], replacements)
    if rest:
        flows[verb] = rest
    return flows


def as_toml(flows: Mapping[str, Sequence[Step]], way: str, left_over: Sequence[str]) -> str:
    """The lines for the target file; `left_over` are remarks that go before them."""
    lines = [f"# {remark}" for remark in left_over]
    lines.append(f"[{way}.flow]")
    for verb, steps in flows.items():
        lines.append(f"{verb} = [")
        lines += [f"  {toml_text.value(step)}," for step in steps]
        lines.append("]")
    return "\n".join(lines) + "\n"


def remarks(flows: Mapping[str, Sequence[Step]], verb: str) -> list[str]:
    """What a recording cannot know and a person must add."""
    found = []
    typed = [str(step["value"]) for step in flows.get(verb, ()) if "value" in step and "{" not in str(step["value"])]
    if typed:
        found.append(f"Typed as recorded: {', '.join(typed)}. Put placeholders where these change from trial to trial.")
    if verb == "create_sale":
        found.append('Add how the key is read: { read = "key", source = "address", pattern = "/([^/]+)$" }')
    if verb in {"read_sale", "read_order", "list_sales"}:
        found.append(
            'Add what is read there: { read = "total", role = "...", name = "..." }; see docs/rest-adapter.md.'
        )
    return found


def _end_of_log_in(actions: Sequence[Action]) -> int:
    """After the click or key that sends the password; 0 when nobody logs in."""
    typed = next(
        (number for number, action in enumerate(actions) if action.does in {"fill", "type"} and _asks_password(action)),
        None,
    )
    if typed is None:
        return 0
    sent = (
        number
        for number, action in enumerate(actions)
        if number > typed and (action.does == "click" or action.value == "Enter")
    )
    return next(sent, typed) + 1


def _log_in_with_placeholders(actions: Sequence[Action]) -> list[Action]:
    """Nothing that was typed at log-in stays: neither name nor password belong into a file."""
    made = []
    for action in actions:
        if action.does in {"fill", "type"}:
            value = "{password}" if _asks_password(action) else "{username}"
            action = Action(action.line, action.does, value, action.found)
        made.append(action)
    return made


def _asks_password(action: Action) -> bool:
    words = " ".join(f"{one.words} {one.name}" for one in action.found).casefold()
    return any(word in words for word in _PASSWORD_WORDS)


def _steps(actions: Sequence[Action], replacements: Mapping[str, str]) -> list[Step]:
    steps = []
    for before, action in zip([None, *actions], actions, strict=False):
        # Codegen writes down the click into a field that is then filled.
        follows = next((other for other in actions if other.line > action.line), None)
        if action.does == "click" and follows is not None and _fills_same(action, follows):
            continue
        if before is not None and before == action:
            continue
        step = _step(action, replacements)
        if step:
            steps.append(step)
    return steps


def _fills_same(click: Action, after: Action) -> bool:
    return after.does in {"fill", "type", "select_option"} and after.found == click.found


def _step(action: Action, replacements: Mapping[str, str]) -> Step:
    value = _replaced(action.value, replacements)
    if action.does == "goto":
        parts = urlsplit(action.value)
        return {"go": _replaced(parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else ""), replacements)}
    if not action.found:
        return {"press": action.value}
    inner = action.found[-1]
    where = _where(action.found, replacements)
    if action.does in {"fill", "type", "select_option"}:
        return {
            **_field("choose" if action.does == "select_option" else "fill", inner, replacements),
            "value": value,
            **where,
        }
    if action.does in {"check", "set_checked"}:
        return {**_field("check", inner, replacements), **where}
    if action.does == "press":
        return {"press": action.value}
    if action.does == "expect":
        text = inner.words if inner.by in {"text", "label"} else action.value or inner.name
        return {"expect": _replaced(text, replacements)} if text else {}
    return {**_clicked(inner, replacements), **where, **({"accept": True} if action.says_yes else {})}


def _field(action: str, found: ElementLocator, replacements: Mapping[str, str]) -> Step:
    if found.by == "role":
        # A field found by its role has its label as name.
        return {action: _replaced(found.name, replacements)}
    if found.by == "label":
        return {action: _replaced(found.words, replacements)}
    return {action: found.words or found.by, "css": _css(found)}


def _clicked(found: ElementLocator, replacements: Mapping[str, str]) -> Step:
    if found.by == "role":
        step: Step = {"click": _replaced(found.name, replacements)}
        return step if found.words == "button" else {**step, "role": found.words}
    if found.by == "css":
        return {"click": found.words, "css": found.words}
    return {"click": found.words, "css": _css(found)}


def _css(found: ElementLocator) -> str:
    if found.by == "placeholder":
        return f"[placeholder={json.dumps(found.words)}]"
    if found.by == "test_id":
        return f"[data-testid={json.dumps(found.words)}]"
    return f"text={found.words}" if found.by == "text" else found.words


def _where(found: Sequence[ElementLocator], replacements: Mapping[str, str]) -> Step:
    inner = found[-1]
    where: Step = {}
    outer = next((one for one in found[:-1] if one.by == "role" and one.name), None)
    if outer is not None:
        where["inside"] = _replaced(f"{outer.words}: {outer.name}", replacements)
    if inner.exact:
        where["exact"] = True
    if inner.place:
        where["place"] = inner.place
    return where


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    """The longest first, so that a name within another is not taken for it; braces of the text's own are doubled."""
    text = text.replace("{", "{{").replace("}", "}}")
    for value in sorted(replacements, key=len, reverse=True):
        text = text.replace(value, replacements[value])
    return text
