"""[publish]: where rounds put their reports for others to read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Section


def _as_place(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    try:
        return SecretReference.model_validate(value)
    except ValidationError:
        # The value is not repeated: an address may hold a secret.
        raise ValueError(
            'write a folder, an address such as "s3://bucket/shop", or where it is: { env = "NAME" }, { file = "path" }'
        ) from None


def _as_base(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f'{value!r} is not the address of a folder; write "https://reports.example.com/shop/"')
    return value if value.endswith("/") else f"{value}/"


class PublishSection(Section):
    """Where rounds copy their reports to, with the index of all days: `url` is a folder, or an address for which fsspec
    has a driver ("s3://bucket/shop", "sftp://host/folder"); `options` is what that needs besides.

    Days more than `keep_days` before the newest are removed there; where nothing is said it is that of [reports].
    `link` is under which web address people open that place; messages then lead to the page of their day. A round waits
    for the place `limit` at most, and tells people whether or not that was enough. What cannot be published is said
    and never changes the status of a round.
    """

    url: Annotated[str | SecretReference, BeforeValidator(_as_place)]
    options: dict[str, str | int | bool | SecretReference] = Field(
        default_factory=dict, description="what the place needs beside its address, as fsspec calls it"
    )
    keep_days: int | None = Field(default=None, ge=1)
    link: Annotated[str, AfterValidator(_as_base)] | None = None
    limit: Duration = timedelta(seconds=30)

    @property
    def address(self) -> str:
        """Where it leads. Raises MissingSecret when it is referred to and not there."""
        return self.url if isinstance(self.url, str) else self.url.resolve()

    def link_to(self, day: date | None) -> str | None:
        """The published page of a day, or of the newest; None where no web address is known."""
        if self.link is None:
            return None
        return f"{self.link}{'latest' if day is None else f'{day.isoformat()}/day'}/"
