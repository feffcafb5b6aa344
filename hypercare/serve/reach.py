"""By which addresses the pages are reached, and from where requests come."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from hypercare.target_file.sections.serve import ServeSection, is_loopback

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# A path of ours, and nothing that a browser takes for another host, a scheme or a header.
_OWN_PATH = re.compile(r"/(?![/\\])(?!.*%(?:[01]|2f|5c))[A-Za-z0-9._~/%?=&@:-]*", re.IGNORECASE)


@dataclass(frozen=True)
class Reach:
    """`hosts` are what a request may name as its host, `origins` where forms may come from."""

    hosts: frozenset[str]
    origins: frozenset[str]
    is_secure: bool
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, section: ServeSection, port: int) -> Reach:
        """`port` is the one that is listened on, which the system may have chosen."""
        own = [f"{host}:{port}" for host in _LOOPBACK]
        if not is_loopback(section.address):
            address = f"[{section.address}]" if ":" in section.address else section.address
            own.append(f"{address}:{port}")
        proxies = tuple(ip_network(one, strict=False) for one in section.proxies)
        public = section.public_url
        if public is None:
            return cls(frozenset(own), frozenset(f"http://{one}" for one in own), is_secure=False, proxies=proxies)
        hosts = frozenset([*own, *_spellings(public)])
        return cls(hosts, frozenset([public]), is_secure=public.startswith("https://"), proxies=proxies)

    def has_host(self, host: str) -> bool:
        return host.lower() in self.hosts

    def is_own(self, origin: str) -> bool:
        """Whether a form comes from a page of ours; what does not say where it comes from does not."""
        return origin.lower() in self.origins

    def sender(self, peer: str, forwarded: str) -> str:
        """The address that a request comes from: the peer's, or what a proxy of ours says of it."""
        for address in [peer, *reversed([part.strip() for part in forwarded.split(",") if part.strip()])]:
            if not _is_address(address):
                break
            peer = address
            if not self._is_proxy(address):
                break
        return peer

    def _is_proxy(self, address: str) -> bool:
        return any(ip_address(address) in network for network in self.proxies)


def own_path(path: str) -> str:
    """The path if it leads to a page of ours, else that of the first page: nobody is sent elsewhere."""
    return path if _OWN_PATH.fullmatch(path) and "\n" not in path else "/"


def _spellings(url: str) -> Iterable[str]:
    """The host of an address, also with the port that goes without saying."""
    parts = urlsplit(url)
    yield parts.netloc
    if parts.port is None:
        yield f"{parts.netloc}:{_DEFAULT_PORTS[parts.scheme]}"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
