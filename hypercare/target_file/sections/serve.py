"""[serve]: who may read the reports over the network and act on them, and by which address."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from hypercare.target_file.section import Duration, Section

LONGEST_NAME = 80


class Role(StrEnum):
    """A viewer reads; a reviewer also acknowledges, notes, resolves, answers, writes down and signs."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and nobody else can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _checked_public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError(f'{value!r} is not a web address; write for instance "https://reports.example.com"')
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("public_url is a whole host of its own, without a path behind it")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("public_url is to be https: over http everybody on the way reads passwords and sessions")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _checked_address(value: str) -> str:
    try:
        ip_address(value)
    except ValueError:
        if value != "localhost":
            raise ValueError(f'{value!r} is no address of a machine; write for instance "127.0.0.1"') from None
    return value


def _checked_proxy(value: str) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f'{value!r} is no address; write for instance "127.0.0.1" or "10.0.0.0/8"') from None
    return value


PublicUrl = Annotated[str, AfterValidator(_checked_public_url)]
Address = Annotated[str, AfterValidator(_checked_address)]
Proxy = Annotated[str, AfterValidator(_checked_proxy)]


class ServeUser(Section):
    """Somebody who may log in. The password is no part of this file: `hypercare serve --add-user NAME` asks for it."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    role: Role = Role.VIEWER

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if value != value.strip() or not value.isprintable():
            raise ValueError(f"{value!r} is no name that somebody can type")
        return value


class ServeSection(Section):
    """`hypercare serve` shows the reports to whoever logs in, and lets reviewers act on them. Without this section it
    does not start.

    It listens on this machine alone. `beyond_this_machine` lets it listen elsewhere; `public_url`, the https address
    under which a proxy with a certificate passes requests on, is needed then, since it speaks no TLS itself.
    `proxies` are the addresses of such proxies, whose word is taken for where a request comes from. With `public_url`
    each message of an incident that waits for an answer has a link that acknowledges it once, within `link_length`,
    without a log-in.
    """

    address: Address = "127.0.0.1"
    port: int = Field(default=8480, ge=0, le=65535)
    beyond_this_machine: bool = False
    public_url: PublicUrl | None = None
    proxies: tuple[Proxy, ...] = ()
    session_length: Duration = Field(default=timedelta(hours=12), ge=timedelta(minutes=1), le=timedelta(days=7))
    link_length: Duration = Field(default=timedelta(hours=24), ge=timedelta(minutes=1), le=timedelta(days=7))
    users: tuple[ServeUser, ...] = ()

    @model_validator(mode="after")
    def _reached_as_meant(self) -> Self:
        if is_loopback(self.address):
            return self
        if not self.beyond_this_machine:
            raise ValueError(
                f"address {self.address} can be reached from other machines: say beyond_this_machine = true as well, "
                "and put a proxy with TLS in front of it, whose address is the public_url"
            )
        if self.public_url is None:
            raise ValueError(
                "beyond_this_machine needs public_url: the https address of the proxy with TLS in front of it"
            )
        return self

    @model_validator(mode="after")
    def _each_user_once(self) -> Self:
        names = [user.name for user in self.users]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"the user {twice!r} stands there twice")
        return self

    def role_of(self, name: str) -> Role | None:
        """The role of a user; None where the file does not name them."""
        return next((user.role for user in self.users if user.name == name), None)
