"""The journal of a machine: asked by `journalctl`, or read from a file that it was exported to."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from hypercare.log_sources.journald.export_format import NotAJournal, entries_in
from hypercare.log_sources.protocol import Entry, Since, SourceRefused, SourceUnreadable
from hypercare.target_file.sections.log_sources import JournaldSection

_SHOWN = 160
_NOT_ALLOWED = (
    "permission denied",
    "insufficient permissions",
    "not seeing messages",
    "no journal files were opened due",
)


class Journal:
    """The entries of some units, or of all."""

    def __init__(self, section: JournaldSection) -> None:
        self._section = section

    @property
    def where(self) -> str:
        if self._section.file is not None:
            return f"journal in {self._section.file.name}"
        return f"journal by {Path(self._section.program).name}"

    def entries(self, since: Since) -> Iterator[Entry]:
        found = self._of_file(since.at) if self._section.file is not None else self._of_program(since.at)
        yield from sorted(found, key=lambda entry: entry.at, reverse=True)

    def _of_file(self, since: datetime) -> list[Entry]:
        assert self._section.file is not None
        try:
            with self._section.file.open("rb") as file:
                return [entry for entry in entries_in(file) if entry.at >= since and self._section.takes(entry.fields)]
        except OSError as error:
            raise SourceUnreadable(self.where, (error.strerror or type(error).__name__).lower()) from None
        except NotAJournal:
            raise SourceUnreadable(self.where, "it is neither JSON nor the export format of a journal") from None

    def _of_program(self, since: datetime) -> list[Entry]:
        # To the second below: older versions take no part of one. Not --quiet, which would also keep back that this
        # account does not see the journal of the system.
        command = [
            self._section.program,
            *("--output=json", "--all", "--no-pager", f"--since=@{int(since.timestamp())}"),
            *(f"--unit={unit}" for unit in self._section.units),
            *((f"--directory={self._section.directory}",) if self._section.directory else ()),
        ]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as trouble:
            self._run(command, output.fileno(), trouble.fileno(), self._section.timeout)
            trouble.seek(0)
            said = trouble.read(4000).decode("utf-8", "replace")
            output.seek(0)
            try:
                found = [entry for entry in entries_in(output) if entry.at >= since]
            except NotAJournal:
                raise SourceUnreadable(self.where, "it does not answer as journalctl does") from None
        if not found and any(words in said.lower() for words in _NOT_ALLOWED):
            raise SourceRefused(
                f"This account may not read the {self.where}: {_shown(said)}.",
                "Add it to the group systemd-journal.",
            )
        return found

    def _run(self, command: list[str], output: int, trouble: int, timeout: timedelta) -> None:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=trouble,
                timeout=timeout.total_seconds(),
                check=False,
            )
        except FileNotFoundError:
            raise SourceUnreadable(self.where, "there is no such program") from None
        except subprocess.TimeoutExpired:
            raise SourceUnreadable(self.where, "it did not end in time") from None
        except OSError as error:
            raise SourceUnreadable(self.where, (error.strerror or type(error).__name__).lower()) from None
        if done.returncode > 1:
            raise SourceUnreadable(self.where, f"it ended with status {done.returncode}")


def _shown(text: str) -> str:
    return " ".join(text.split())[:_SHOWN].rstrip(".")
