"""The messages that stand in the sources: strings and f-strings of Python, and the text of templates.

For the catalogue, when a translation is brought up to date; a report only reads the catalogue.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from hypercare.language.message import is_worth_translating, normal
from hypercare.outcome.wording import check_words

# What these have to say is read by who sets the program up, at a terminal, and stays English.
_FOR_THE_TERMINAL = {
    "build_server",
    "commands",
    "conformance",
    "container",
    "doctor",
    "init",
    "language",
    "recording",
    "scaffold",
    "shipped",
    "target_file",
    "trials",
}
# Words of other languages, by which texts of the target are understood.
_OF_THE_TARGET = {
    "cli.py",
    "early.py",
    "extras.py",
    "own_log.py",
    "http/action_words.py",
    "logs/database_words.py",
    "logs/time_forms.py",
    "log_levels/level_words.py",
    "database/rows_to_read.py",
    "operations_model/portable.py",
    "serve/policies.py",
}
# Where a single word is shown to a reader.
_SHOWN = {
    "agenda",
    "charts",
    "escalation",
    "fleet",
    "gates",
    "notification",
    "outcome",
    "period_reports",
    "plan",
    "publishing",
    "reports",
    "review",
    "serve",
    "uptime_history",
}
# Words that stand alone on a page, and that no source has as a message: names of states, columns, and what is counted.
ALONE = Path(__file__).with_name("words_alone.txt")
_LOGGING = {"debug", "info", "warning", "error", "exception"}
_SPOKEN = ("title", "alt", "aria-label", "placeholder", "data-label")
# Calls whose value is the number before a word that is counted: "3 items".
_COUNTING = {"counted", "_counted"}
_TEMPLATE_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TEMPLATE_STEP = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)
_TEMPLATE_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
Place = tuple[str, int]


def messages_of(package: Path, checks: Sequence[Path], checklist: Path) -> dict[str, list[Place]]:
    """The messages of the package, of folders with checks, and of a checklist, each with where it stands."""
    found: dict[str, list[Place]] = {}
    for root in (package, *checks):
        for path in sorted(root.rglob("*.py")) + sorted(root.rglob("*.j2")):
            inside = path.relative_to(root)
            if root == package and (
                inside.parts[:2] == ("probing", "imports")
                or inside.parts[0] in _FOR_THE_TERMINAL
                or inside.as_posix() in _OF_THE_TARGET
            ):
                continue
            text = path.read_text(encoding="utf-8")
            shown = inside.parts[0] in _SHOWN
            told = _of_python(text, shown=shown) if path.suffix == ".py" else _of_template(text)
            for message, line in told:
                if is_worth_translating(message):
                    found.setdefault(message, []).append((path.relative_to(root.parent).as_posix(), line))
    for message in _of_checklist(checklist):
        found.setdefault(message, []).append((checklist.name, 1))
    for word in ALONE.read_text(encoding="utf-8").splitlines():
        found.setdefault(word, [])
    return found


def _of_checklist(path: Path) -> Iterator[str]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [entry for entries in data.values() if isinstance(entries, list) for entry in entries]
    entries += [criterion for entry in entries for criterion in entry.get("criteria", [])]
    told = (entry.get(key, "") for entry in entries for key in ("section", "words", "question", "raised"))
    yield from (normal(one) for one in told if one)


def _of_python(text: str, *, shown: bool) -> Iterator[tuple[str, int]]:
    tree = ast.parse(text)
    passed_over = {id(node) for node in _not_messages(tree)}
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            lines = (line for message in _messages_of_parts(node) for line in message.split("\n"))
            yield from ((normal(line), node.lineno) for line in lines)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (" " in node.value or shown):
            yield from ((normal(line), node.lineno) for line in node.value.split("\n"))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield check_words(node.name), node.lineno


def _not_messages(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, descriptions of fields, what is logged, the parts of f-strings, and names of types and keys."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant))
            yield from (
                inner
                for part in node.values
                if isinstance(part, ast.FormattedValue) and part.format_spec is not None
                for inner in ast.walk(part.format_spec)
            )
        elif isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key is not None and not _is_shown(key))
        elif isinstance(node, ast.keyword) and node.arg in {"description", "encoding", "mode"}:
            yield node.value
        elif isinstance(node, ast.Call) and node.args and _is_logging(node):
            yield from ast.walk(node)


def _is_shown(key: ast.expr) -> bool:
    """Whether a key is what is shown before its value, and no name within the program."""
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value[:1].isupper()


def _is_logging(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and (
        (call.func.attr in _LOGGING and isinstance(call.func.value, ast.Name) and call.func.value.id.isupper())
        or call.func.attr in {"compile", "fullmatch", "finditer"}
    )


def _messages_of_parts(node: ast.JoinedStr) -> Iterator[str]:
    """An f-string with its values left open; of a value that is one of two strings, both messages."""
    told = [""]
    names: dict[str, int] = {}
    for part in node.values:
        if isinstance(part, ast.Constant):
            choices = [str(part.value).replace("{", "{{").replace("}", "}}")]
        elif isinstance(part, ast.FormattedValue):
            choices = _choices(part.value, names)
        else:
            choices = [""]
        told = [before + choice for before in told for choice in choices][:8]
    yield from dict.fromkeys(told)


def _choices(value: ast.expr, names: dict[str, int]) -> list[str]:
    if isinstance(value, ast.IfExp):
        return [*_choices(value.body, names), *_choices(value.orelse, names)]
    if isinstance(value, ast.Constant):
        return [str(value.value)]
    if isinstance(value, ast.JoinedStr):
        return list(_messages_of_parts(value))
    if isinstance(value, ast.Call) and _called(value) in _COUNTING and len(value.args) == 2:
        word = value.args[1]
        if isinstance(word, ast.Constant) and isinstance(word.value, str):
            return [f"{_open(value.args[0], names)} {word.value}s"]
    return [_open(value, names)]


def _open(value: ast.expr, names: dict[str, int]) -> str:
    """A place for a value, by a name that tells a translator what stands there."""
    name = _name_of(value)
    names[name] = names.get(name, 0) + 1
    return f"{{{name if names[name] == 1 else f'{name}_{names[name]}'}}}"


def _name_of(value: ast.expr) -> str:
    if isinstance(value, ast.Name):
        return value.id
    if isinstance(value, ast.Attribute):
        return value.attr
    if isinstance(value, ast.Call):
        return "number" if _called(value) in {"len", "sum"} else _called(value).lstrip("_") or "value"
    if isinstance(value, ast.Subscript):
        return _name_of(value.value)
    if isinstance(value, ast.BinOp | ast.UnaryOp):
        return "number"
    return "value"


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _of_template(text: str) -> Iterator[tuple[str, int]]:
    for step in [*_TEMPLATE_STEP.finditer(text), *_TEMPLATE_VALUE.finditer(text)]:
        line = text.count("\n", 0, step.start()) + 1
        for quoted in _TEMPLATE_STRING.finditer(step.group()):
            # A word alone is a name of something in the program.
            words = quoted[1] or quoted[2] or ""
            if " " in words:
                yield normal(words), line
    open_text = _TEMPLATE_STEP.sub("\x00", _TEMPLATE_VALUE.sub("{value}", text))
    for piece, line in _Texts.of(open_text):
        numbered = _numbered(normal(piece))
        yield numbered, line


def _numbered(piece: str) -> str:
    number = 0

    def name(_found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return "{value}" if number == 1 else f"{{value_{number}}}"

    return re.sub(r"\{value\}", name, piece)


class _Texts(HTMLParser):
    """The texts between tags, and what attributes say to a reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, int]] = []
        self._silent = 0

    @classmethod
    def of(cls, text: str) -> list[tuple[str, int]]:
        parser = cls()
        parser.feed(text)
        parser.close()
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "script"}
        self.found += [
            (piece, self.getpos()[0])
            for name, value in attrs
            if name in _SPOKEN and value
            for piece in value.split("\x00")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found += [(piece, self.getpos()[0]) for piece in data.split("\x00")]
