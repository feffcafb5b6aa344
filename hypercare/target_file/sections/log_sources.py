"""[logs.journald], [logs.loki] and [logs.sentry]: where a log is read that is no file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Section


def _checked_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'{value!r} is not a web address; write for instance "https://logs.example.com/"')
    if parts.username or parts.password:
        raise ValueError("an address holds no password; refer to it by token")
    return value


Address = Annotated[str, AfterValidator(_checked_address)]


class JournaldSection(Section):
    """journald: what `program` prints for `--output=json` of some `units`, or of all; `directory` is where the journal
    lies if it is another machine's. Or a `file` that it was exported to, as JSON or in the export format.
    """

    program: str = Field(default="journalctl", description="the program that prints the journal")
    units: tuple[str, ...] = Field(default=(), description='of which units, `["erp.service"]`; all where none is named')
    directory: Path | None = None
    file: Path | None = None
    timeout: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.file is not None and self.directory is not None:
            raise ValueError("a journal is read from a file or from a directory, not from both")
        return self

    def takes(self, fields: Mapping[str, Any]) -> bool:
        """Whether an entry is of the units that are named."""
        return not self.units or fields.get("_SYSTEMD_UNIT") in self.units or fields.get("UNIT") in self.units


class LokiSection(Section):
    """A Loki server, or what answers as it does: the lines that `query` finds, asked for by pages of `page` lines.

    `token` is sent as a bearer token, with `user` as the password of that name; `tenant` is X-Scope-OrgID.
    """

    url: Address
    query: str = Field(min_length=2, description="""LogQL that finds lines, `'{app="erp", level="error"}'`""")
    token: SecretReference | None = None
    user: str | None = None
    tenant: str | None = None
    page: int = Field(default=1000, ge=1, le=5000)
    timeout: Duration = timedelta(seconds=10)


class SentrySection(Section):
    """A project of Sentry, or of what answers as it does: its events, and of its issues whom they are assigned to.

    `token` needs `event:read` and `project:read`.
    """

    url: Address = "https://sentry.io/"
    organisation: str = Field(min_length=1, description="its slug")
    project: str = Field(min_length=1, description="its slug")
    token: SecretReference
    page: int = Field(default=100, ge=1, le=100)
    timeout: Duration = timedelta(seconds=10)
