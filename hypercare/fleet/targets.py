"""The targets of a fleet: the target files of a folder, or those that a list names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercare.fleet.problem import FleetProblem

TARGET_FILE = "target.toml"
_WAYS = ("database", "web", "api", "mobile")


@dataclass(frozen=True)
class FleetTarget:
    """A target file, and how its target is called there; by the file where that cannot be read."""

    file: Path
    name: str


def fleet_of(place: Path) -> tuple[FleetTarget, ...]:
    """The targets in the order of their files.

    A folder's are its TOML files that have a [target], and the target.toml of each folder in it. A list has a file a
    line, meant from the folder that the list lies in; what follows a # is a comment.

    Raises:
        FleetProblem: there is none, a file that is named is not there, or two are remembered under one name.
    """
    try:
        files = list(_in_folder(place)) if place.is_dir() else list(_listed(place))
        raws = [(file, _raw(file)) for file in files]
    except OSError as error:
        raise FleetProblem(f"the targets {place} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise FleetProblem(
            f"the list of targets {place} is not UTF-8 text; name a folder, or a list of files"
        ) from None
    # What cannot be read is a target all the same: it is for its round to say what is wrong.
    meant = [(file, raw) for file, raw in raws if raw is None or not place.is_dir() or "target" in raw]
    if not meant:
        raise FleetProblem(f"there is no target file in {place}: a TOML file with a [target], or a list of such files")
    _check_no_twins(meant)
    return tuple(FleetTarget(file, _name_of(file, raw)) for file, raw in meant)


def _in_folder(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        # Kubernetes keeps what it mounts in hidden folders beside.
        if entry.name.startswith("."):
            continue
        if entry.suffix == ".toml" and entry.is_file():
            yield entry
        elif (entry / TARGET_FILE).is_file():
            yield entry / TARGET_FILE


def _listed(place: Path) -> Iterator[Path]:
    for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        file = place.parent / words
        if not file.is_file():
            raise FleetProblem(f"{place}, line {number}: there is no target file {file}")
        yield file


def _raw(file: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _check_no_twins(meant: Iterable[tuple[Path, Mapping[str, Any] | None]]) -> None:
    """Two under one name would each take the other's rounds for its own."""
    seen: dict[object, Path] = {}
    for file, raw in meant:
        remembered_as = _remembered_as(raw)
        if remembered_as is None:
            continue
        if remembered_as in seen:
            raise FleetProblem(
                f"{seen[remembered_as]} and {file} are one target by what they say; give each a [target] id of its own"
            )
        seen[remembered_as] = file


def _remembered_as(raw: Mapping[str, Any] | None) -> object:
    """What its key is made of: the id, else the name and the address."""
    section = (raw or {}).get("target")
    if raw is None or not isinstance(section, Mapping):
        return None
    if section.get("id"):
        return str(section["id"])
    addresses = [raw[way].get("url") for way in _WAYS if isinstance(raw.get(way), Mapping)]
    return (section.get("name"), str(next(iter(addresses), "")))


def _name_of(file: Path, raw: Mapping[str, Any] | None) -> str:
    section = (raw or {}).get("target")
    name = section.get("name") if isinstance(section, Mapping) else None
    stem = file.parent.name if file.name == TARGET_FILE else file.stem
    return name if isinstance(name, str) and name else stem
