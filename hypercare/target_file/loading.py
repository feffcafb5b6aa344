"""From a target file to a checked configuration, or to one clear line that says what is wrong and where."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from hypercare.plan.checklist import plan_of
from hypercare.target_file.adapter_defaults import defaults_of, for_ways_of, laid_over
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.embedded import is_embedded
from hypercare.target_file.known_adapters import UnknownAdapter
from hypercare.target_file.paths import with_absolute_paths, with_plan_beside
from hypercare.target_file.renamed_keys import BothNames, OldName, say_the_old_kinds, with_new_names
from hypercare.target_file.secrets import MissingSecret, SecretReference
from hypercare.target_file.section import is_table_of, model_of

_LOG = logging.getLogger(__name__)
_TABLE = re.compile(r"^\s*\[{1,2}\s*(?P<name>[^\[\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"^\s*(?P<name>[A-Za-z0-9_\-\".]+)\s*=")


_TIME_OF_DAY = re.compile(r"^[^#\n]*=[^\"\n#]*\b(\d\d:\d\d)\s*(?:[,\]}#]|$)", re.MULTILINE)


class TargetFileProblem(Exception):
    """The target file cannot be used; the message is one line for each thing that is wrong."""


def load_target(path: Path, *, adapter: str | None = None) -> TargetConfig:
    """Read, complete with what the adapter knows, and check a target file.

    Relative paths in it are meant from the folder that the file lies in. `adapter` is taken in place of the file's.
    What it says by names of before is read as if it used those of today; `origin.old_names` has a line for each.

    Raises:
        TargetFileProblem: it is missing, is not TOML, or says something that cannot be.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
        if is_embedded(raw):
            raise TargetFileProblem(
                f"the target file {path} names the embedded system, which lives only while a round or a check runs; "
                "`hypercare demo` starts one that stays, and says how its target file is called"
            )
        if adapter is not None:
            raw = laid_over(raw, {"target": {"adapter": adapter}})
        named = _adapter_named(raw)
        raw, old, lines = _with_new_names(raw, lambda where: _place(path, line_of(text, where)))
        defaults, old_of_adapter, lines_of_adapter = _with_new_names(
            defaults_of(named), lambda _: f"the settings of the adapter {named!r}"
        )
        settings = deepcopy(laid_over(for_ways_of(raw, defaults), raw))
        say_the_old_kinds(settings, [*old, *old_of_adapter])
        folder = path.resolve().parent
        planned = with_plan_beside(settings, folder)
        config = TargetConfig.model_validate(with_absolute_paths(planned, folder))
        config.origin.plan_lies_beside = planned is not settings
        config.origin.file, config.origin.old_names = path, (*lines, *lines_of_adapter)
        _LOG.info("target file %s read: %s, by the adapter %s", path, config.target.name, config.target.adapter)
        return config
    except OSError as error:
        raise TargetFileProblem(f"the target file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TargetFileProblem(f"the target file {path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        bare = _TIME_OF_DAY.search(text)
        hint = f'; a time of day is written in quotes: "{bare[1]}"' if bare else ""
        raise TargetFileProblem(f"the target file {path} is not TOML: {error}{hint}") from None
    except UnknownAdapter as error:
        line = line_of(text, ("target", "adapter"))
        raise TargetFileProblem(f"{_place(path, line)}: {error}") from None
    except ValidationError as error:
        raise TargetFileProblem("\n".join(_worded(path, text, error))) from None


def load_target_of(project: Path, path: Path) -> TargetConfig:
    """The same, by the plan of a project where the file names none.

    Raises:
        TargetFileProblem: as of `load_target`.
        ChecklistProblem: the plan cannot be used.
    """
    config = load_target(path)
    if config.rounds.checklist is None:
        config.go_by(plan_of(project))
    return config


def _with_new_names(
    settings: dict[str, Any], words_of: Callable[[Sequence[int | str]], str]
) -> tuple[dict[str, Any], list[OldName], list[str]]:
    """The settings by the names of today, the old ones that stand there, and a line for each."""
    try:
        changed, found = with_new_names(settings)
    except BothNames as error:
        raise TargetFileProblem(f"{words_of(error.place)}: {error}") from None
    lines = [f"{words_of(one.place)}: {one.renamed.words}" for one in found]
    for line in lines:
        _LOG.warning("%s", line)
    return changed, found, lines


def check_secrets(config: TargetConfig) -> None:
    """Make sure that every secret the file refers to is there.

    Raises:
        TargetFileProblem: the first that is not.
    """
    references = [(f"the password of {account.username}", account.password) for account in config.accounts]
    if config.database is not None and config.database.password is not None:
        references.append(("the database password", config.database.password))
    if config.history is not None and config.history.password is not None:
        references.append(("the password of the history", config.history.password))
    for owner, address in _addresses(config):
        if not isinstance(address, str):
            references.append((owner, address))
    for owner, reference in references:
        try:
            reference.resolve()
        except MissingSecret as error:
            raise TargetFileProblem(f"{owner} is missing: {error}") from None


def _addresses(config: TargetConfig) -> Iterator[tuple[str, str | SecretReference]]:
    """What messages and heartbeats are sent to: addresses that are secrets themselves, most of them."""
    for route in config.notify:
        yield f"the address of the route {route.name!r}", route.url
    if config.history is not None and config.history.url is not None:
        yield "the address of the history", config.history.url
    beat = config.heartbeat
    for name in ("url", "watch_url", "probe_url") if beat is not None else ():
        address = getattr(beat, name)
        if address is not None:
            yield f"the {name} of [heartbeat]", address


def _adapter_named(raw: dict[str, Any]) -> str:
    section = raw.get("target")
    adapter = section.get("adapter", "none") if isinstance(section, dict) else "none"
    return adapter if isinstance(adapter, str) else "none"


def _worded(path: Path, text: str, error: ValidationError) -> list[str]:
    """One line for each thing that is wrong; a key that is missing only because it is misspelt is not said twice."""
    problems = [(tuple(problem["loc"]), problem) for problem in error.errors()]
    misspelt = {(*where[:-1], _nearest(where)) for where, problem in problems if problem["type"] == "extra_forbidden"}
    lines = []
    for where, problem in problems:
        dotted = ".".join(str(part) for part in where)
        if problem["type"] == "extra_forbidden":
            nearest = _nearest(where)
            says = f"unknown key {dotted!r}" + (f"; did you mean {nearest!r}?" if nearest else "")
        elif problem["type"] == "missing":
            says = f"{dotted!r} is missing"
        elif problem["type"] == "unknown_key":
            says = problem["msg"]
        else:
            says = f"{dotted!r}: {problem['msg'].removeprefix('Value error, ')}"
        if problem["type"] != "missing" or where not in misspelt:
            lines.append(f"{_place(path, line_of(text, where))}: {says}")
    return lines


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


def _nearest(where: Sequence[int | str]) -> str | None:
    near = get_close_matches(str(where[-1]), _keys_at(where[:-1]), n=1, cutoff=0.5)
    return near[0] if near else None


def _keys_at(where: Sequence[int | str]) -> list[str]:
    """The keys that the configuration knows at a place."""
    model: type[BaseModel] | None = TargetConfig
    named_by_file = False
    for part in where:
        if isinstance(part, int) or model is None:
            continue
        if named_by_file:
            named_by_file = False
            continue
        field = model.model_fields.get(part)
        named_by_file = field is not None and is_table_of(field)
        model = model_of(field) if field is not None else None
    return list(model.model_fields) if model is not None and not named_by_file else []


def line_of(text: str, where: Sequence[int | str]) -> int | None:
    """The line of a TOML text on which a place stands: its key, else its table; None when neither is written."""
    names = [str(part) for part in where if not isinstance(part, int)]
    index = next((part for part in where if isinstance(part, int)), None)
    best: int | None = None
    table: list[str] = []
    table_indexes: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _TABLE.match(line)
        if header:
            table = [part.strip().strip('"') for part in header["name"].split(".")]
            table_indexes[header["name"]] = table_indexes.get(header["name"], -1) + 1
            right_one = index is None or not line.lstrip().startswith("[[") or table_indexes[header["name"]] == index
            if names[: len(table)] == table and right_one:
                best = number
            elif not right_one:
                table = ["", ""]
            continue
        key = _KEY.match(line)
        if key:
            full = [*table, *(part.strip('"') for part in key["name"].split("."))]
            if names[: len(full)] == full:
                best = number
                if len(full) == len(names):
                    return number
    return best
