"""What the repositories of backup programs have in common: a password, snapshots, and words for what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from hypercare.backups.backup import Backup, Unreachable, Unrestorable
from hypercare.backups.program import Ran
from hypercare.outcome.signals import MonitorFault
from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.sections.backups import BackupsSection

SNAPSHOTS_MEASURED = 6  # the newest one and those that its size is compared with
_NO_KEY = re.compile(
    r"wrong password|no key found|passphrase .*(?:incorrect|is needed|not supplied)|incorrect passphrase|"
    r"unable to open repository at|cannot be decrypted|key file .* not found|no keys? file",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"does not exist|no such file|unable to open config file|is there a repository|not a valid repository|"
    r"connection (?:refused|closed)|permission denied|unable to find",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Repository:
    """Where the snapshots are, and how long we may take."""

    section: BackupsSection
    state: Path
    timeout: timedelta
    learn: Callable[[list[str]], None]

    def password(self) -> str | None:
        """The password of the repository. Raises MonitorFault when it is referred to and not there."""
        if self.section.password is None:
            return None
        try:
            password = self.section.password.resolve()
        except MissingSecret as missing:
            raise MonitorFault(str(missing), remedy="Give the secret that [backups] password names.") from None
        self.learn([password])
        return password

    def is_meant(self, *names: str) -> bool:
        return any(fnmatch(name, self.section.pattern) for name in names)

    def refused(self, ran: Ran, name: str) -> Exception:
        """Why a program would not look into the repository."""
        if _NO_KEY.search(ran.complaint):
            return Unrestorable(
                "the repository does not open with the key that we have, and without the right one it is lost",
                ran.complaint[:2000],
            )
        reason = first_line(ran.complaint) or f"it ended with status {ran.status}"
        if _GONE.search(ran.complaint):
            return Unreachable(f"{name} finds no repository there ({reason})")
        return Unreachable(f"{name} cannot look into it ({reason})")


def first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:200]


def instant(value: Any) -> datetime | None:
    """An instant as a program tells it; a time without a zone is in UTC, since that is where we run them."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    try:
        # Some tell nanoseconds, which no datetime holds.
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", str(value)))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def snapshot(name: str, where: str, size: int, taken: datetime | None, trouble: str = "") -> Backup:
    """A snapshot of a repository, which vouches for itself and has no manifest."""
    return Backup(name, where, size, None, "", taken, taken.timestamp() if taken else 0.0, trouble)
