"""Flows of a target file, made from what was done: the log-in apart, what was typed replaced by placeholders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from hypercare.init import toml_text
from hypercare.recording.codegen import Deed, Found

_PASSWORD_WORDS = ("password", "passwort", "kennwort", "passe", "contraseña", "pin")
Step = dict[str, object]


def flows_of(deeds: Sequence[Deed], verb: str, replacements: Mapping[str, str]) -> dict[str, list[Step]]:
    """The steps of "log_in", if somebody logs in, and of `verb`. `replacements` maps a text to its placeholder."""
    end = _end_of_log_in(deeds)
    flows: dict[str, list[Step]] = {}
    if end:
        own = {"{{username}}": "{username}", "{{password}}": "{password}"}
        flows["log_in"] = _steps(_log_in_with_placeholders(deeds[:end]), own)
    rest = _steps(deeds[end:], replacements)
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


def _end_of_log_in(deeds: Sequence[Deed]) -> int:
    """After the click or key that sends the password; 0 when nobody logs in."""
    typed = next((n for n, deed in enumerate(deeds) if deed.does in {"fill", "type"} and _asks_password(deed)), None)
    if typed is None:
        return 0
    sent = (n for n, deed in enumerate(deeds) if n > typed and (deed.does == "click" or deed.value == "Enter"))
    return next(sent, typed) + 1


def _log_in_with_placeholders(deeds: Sequence[Deed]) -> list[Deed]:
    """Nothing that was typed at log-in stays: neither name nor password belong into a file."""
    made = []
    for deed in deeds:
        if deed.does in {"fill", "type"}:
            value = "{password}" if _asks_password(deed) else "{username}"
            deed = Deed(deed.line, deed.does, value, deed.found)
        made.append(deed)
    return made


def _asks_password(deed: Deed) -> bool:
    words = " ".join(f"{one.words} {one.name}" for one in deed.found).casefold()
    return any(word in words for word in _PASSWORD_WORDS)


def _steps(deeds: Sequence[Deed], replacements: Mapping[str, str]) -> list[Step]:
    steps = []
    for before, deed in zip([None, *deeds], deeds, strict=False):
        # Codegen writes down the click into a field that is then filled.
        follows = next((other for other in deeds if other.line > deed.line), None)
        if deed.does == "click" and follows is not None and _fills_same(deed, follows):
            continue
        if before is not None and before == deed:
            continue
        step = _step(deed, replacements)
        if step:
            steps.append(step)
    return steps


def _fills_same(click: Deed, after: Deed) -> bool:
    return after.does in {"fill", "type", "select_option"} and after.found == click.found


def _step(deed: Deed, replacements: Mapping[str, str]) -> Step:
    value = _replaced(deed.value, replacements)
    if deed.does == "goto":
        parts = urlsplit(deed.value)
        return {"go": _replaced(parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else ""), replacements)}
    if not deed.found:
        return {"press": deed.value}
    inner = deed.found[-1]
    where = _where(deed.found, replacements)
    if deed.does in {"fill", "type", "select_option"}:
        return {
            **_field("choose" if deed.does == "select_option" else "fill", inner, replacements),
            "value": value,
            **where,
        }
    if deed.does in {"check", "set_checked"}:
        return {**_field("check", inner, replacements), **where}
    if deed.does == "press":
        return {"press": deed.value}
    if deed.does == "expect":
        text = inner.words if inner.by in {"text", "label"} else deed.value or inner.name
        return {"expect": _replaced(text, replacements)} if text else {}
    return {**_clicked(inner, replacements), **where, **({"accept": True} if deed.says_yes else {})}


def _field(action: str, found: Found, replacements: Mapping[str, str]) -> Step:
    if found.by == "role":
        # A field found by its role has its label as name.
        return {action: _replaced(found.name, replacements)}
    if found.by == "label":
        return {action: _replaced(found.words, replacements)}
    return {action: found.words or found.by, "css": _css(found)}


def _clicked(found: Found, replacements: Mapping[str, str]) -> Step:
    if found.by == "role":
        step: Step = {"click": _replaced(found.name, replacements)}
        return step if found.words == "button" else {**step, "role": found.words}
    if found.by == "css":
        return {"click": found.words, "css": found.words}
    return {"click": found.words, "css": _css(found)}


def _css(found: Found) -> str:
    if found.by == "placeholder":
        return f"[placeholder={json.dumps(found.words)}]"
    if found.by == "test_id":
        return f"[data-testid={json.dumps(found.words)}]"
    return f"text={found.words}" if found.by == "text" else found.words


def _where(found: Sequence[Found], replacements: Mapping[str, str]) -> Step:
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
