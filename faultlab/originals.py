"""What was there before a fault was put in: written down before each change, so that any process can undo it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultlab.gateway.leading import take_away

if TYPE_CHECKING:
    from faultlab.scene import Scene

_RECORD = "changes.jsonl"


class LabProblem(Exception):
    """The fault cannot be put in or taken out here; the message is one line."""


class Originals:
    """A folder for one fault. Changes are undone in the reverse of the order in which they were made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def there(self) -> bool:
        """Whether the fault is in."""
        return self.folder.is_dir()

    def begin(self) -> None:
        try:
            self.folder.mkdir(parents=True)
        except FileExistsError:
            raise LabProblem(f"the fault {self.folder.name} is in already") from None

    def note(self, kind: str, **what: object) -> None:
        """Write down how a change is undone; to be called before it is made."""
        line = json.dumps({"kind": kind, **what}, default=_tagged)
        with (self.folder / _RECORD).open("a", encoding="utf-8") as record:
            record.write(line + "\n")
            record.flush()
            os.fsync(record.fileno())

    def keep(self, path: Path) -> str:
        """Copy a file or folder in here; the name under which it is kept."""
        name = f"{len(list(self.folder.iterdir()))}-{path.name}"
        kept = self.folder / name
        if path.is_dir():
            shutil.copytree(path, kept)
        else:
            shutil.copy2(path, kept)
        return name

    def put_back(self, scene: Scene) -> None:
        """Undo every change, the latest first, and forget it."""
        record = self.folder / _RECORD
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        for line in reversed(lines):
            change = json.loads(line, object_hook=_untagged)
            kind: str = change.pop("kind")
            if kind == "gateway":
                take_away(Path(change["target_file"]), change["system"], change["url"], Path(change["wanted"]))
                continue
            part = scene.files if kind.startswith("file") else scene.tables
            part.undo(kind, change)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _tagged(value: object) -> dict[str, str]:
    match value:
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case bytes():
            return {"bytes": value.hex()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _untagged(value: Mapping[str, Any]) -> Any:
    if len(value) != 1:
        return value
    ((tag, text),) = value.items()
    match tag:
        case "instant":
            return datetime.fromisoformat(text)
        case "day":
            return date.fromisoformat(text)
        case "decimal":
            return Decimal(text)
        case "bytes":
            return bytes.fromhex(text)
    return value
