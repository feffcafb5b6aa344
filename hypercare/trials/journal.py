"""What is about to be created in the target, written down before it is sent, so that it can always be undone.

Every session writes a file of its own and holds a lock on it for as long as it lives. The system drops the lock when
the session dies, however it dies, so whoever can take the lock knows that the file's leftovers are nobody's any more.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from hypercare.outcome.found import Found
from hypercare.outcome.signals import MonitorFault, Signal


@dataclass(frozen=True)
class Entry:
    """One synthetic record. `key` and `number` are known once the target has answered; one that `is_marked_late` bears
    its reference only once its creation is through."""

    reference: str
    kind: str
    channel: str
    at: str
    key: str | None = None
    number: str | None = None
    undone: bool = False
    is_marked_late: bool = False


class Journal:
    """The journal of this session; `folder` is the suite's own and is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[bytes] | None = None
        self._settled: set[str] = set()

    def about_to_create(self, entry: Entry) -> None:
        """Safe on disk when this returns; only then may the record be created.

        Raises:
            MonitorFault: the journal cannot be written.
        """
        line = {"about": entry.reference, "kind": entry.kind, "channel": entry.channel, "at": entry.at}
        self._write({**line, "marked_late": True} if entry.is_marked_late else line)

    def created(self, reference: str, *, key: str, number: str | None = None) -> None:
        self._write({"created": reference, "key": key, "number": number})

    def undone(self, reference: str) -> None:
        self._write({"undone": reference})

    @contextmanager
    def orphaned_entries(self) -> Iterator[list[Entry]]:
        """What sessions that are no more left behind. Their files are removed at the end if all of it is undone.

        Mark an entry with `settle` as it is undone; a block that is left early keeps what was not settled.
        """
        taken: list[tuple[Path, IO[bytes], list[Entry]]] = []
        self._settled.clear()
        try:
            for path in sorted(self.folder.glob("*.jsonl")):
                file = _locked(path, wait=False)
                if file is not None:
                    taken.append((path, file, open_entries(path.read_bytes())))
            yield [entry for _, _, entries in taken for entry in entries]
        finally:
            for path, file, entries in taken:
                for entry in entries:
                    if entry.reference in self._settled:
                        _append(file, {"undone": entry.reference})
                if all(entry.reference in self._settled for entry in entries):
                    path.unlink(missing_ok=True)
                file.close()

    def settle(self, entry: Entry) -> None:
        self._settled.add(entry.reference)

    def open_now(self) -> list[Entry]:
        """What this session announced and has not undone."""
        return [] if self._file is None else open_entries(Path(self._file.name).read_bytes())

    def close(self) -> None:
        """Let go of the file; one with nothing left to undo is removed."""
        if self._file is None:
            return
        path = Path(self._file.name)
        if not self.open_now():
            path.unlink(missing_ok=True)
        self._file.close()
        self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        try:
            if self._file is None:
                self._file = self._begun()
            _append(self._file, line)
        except OSError as error:
            raise MonitorFault(
                f"The journal in {self.folder} cannot be written: {error.strerror}; nothing was sent.",
                remedy="Give the suite a state folder that can be written to, with room left.",
            ) from None

    def _begun(self) -> IO[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        while True:
            file = _locked(self.folder / f"{uuid.uuid4().hex}.jsonl", wait=True)
            if file is not None:
                _sync_folder(self.folder)
                return file


def open_entries(content: bytes) -> list[Entry]:
    """The entries that were announced and not undone. A line torn by a crash is passed over."""
    entries: dict[str, Entry] = {}
    for line in content.split(b"\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if not isinstance(record, dict):
            continue
        if "about" in record:
            late = record.get("marked_late") is True
            entries[record["about"]] = Entry(
                record["about"], record["kind"], record["channel"], record["at"], is_marked_late=late
            )
        elif record.get("created") in entries:
            reference = record["created"]
            entries[reference] = replace(entries[reference], key=record.get("key"), number=record.get("number"))
        elif "undone" in record:
            entries.pop(record["undone"], None)
    return list(entries.values())


def _locked(path: Path, *, wait: bool) -> IO[bytes] | None:
    """The file, open and locked; None when somebody living holds it, or it went away meanwhile."""
    try:
        file = path.open("ab" if wait else "r+b", buffering=0)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            file.seek(0, os.SEEK_END)
            return file
    except OSError:
        pass
    file.close()
    return None


def _append(file: IO[bytes], line: dict[str, Any]) -> None:
    # The leading end of line closes one that an earlier crash may have torn.
    file.write(b"\n" + json.dumps(line).encode() + b"\n")
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Leftovers:
    """Trial records of earlier sessions that still stand in the system."""

    entries: Sequence[tuple[Entry, str]]
    of: int
    where: str = "the canary branch"

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [
            {
                "record": entry.kind,
                "number": entry.number or "",
                "key": entry.key or "",
                "reference": entry.reference,
                "reason": why,
            }
            for entry, why in self.entries[:5]
        ]


@dataclass(frozen=True)
class LeftBehind:
    """Records that trials may have left, those of this session among them; `unseen` kept others from being found."""

    entries: Sequence[Entry]
    own: Sequence[Entry]
    unseen: Signal | None

    def leftovers(self, standing: Sequence[tuple[Entry, str]], of: int | None = None) -> Leftovers:
        """What still stands comes first; only where nothing does, that others could not be found."""
        if self.unseen is not None and not standing:
            raise self.unseen
        return Leftovers(standing, of=len(self.entries) if of is None else of)
