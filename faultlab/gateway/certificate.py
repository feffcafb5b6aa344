"""Certificates that the gateway shows: made when a fault is put in, by an authority of the lab's own."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.problem import LabProblem
from hypercare.extras import install, missing

if TYPE_CHECKING:
    from cryptography.x509 import CertificateBuilder, KeyUsage

AUTHORITY = "authority.pem"
_HERE = "127.0.0.1"
_SHOWN = "shown.pem"
_BEGAN = timedelta(days=60)


@dataclass(frozen=True)
class Shown:
    """A certificate that ends so long from now, by real time, and stands for this address.

    One that `is_trusted` is from an authority whom the suite trusts while the fault is in.
    """

    ends_in: timedelta
    address: str = _HERE
    is_trusted: bool = True


def serving(shown: Shown, folder: Path) -> ssl.SSLContext:
    """What a server needs to show it. The files are made in the folder, once."""
    if not (folder / _SHOWN).exists():
        make(shown, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / _SHOWN)
    return context


def make(shown: Shown, folder: Path) -> None:
    """Write the authority's certificate, and the one that it issued with its key.

    Raises:
        LabProblem: what makes certificates is not installed.
    """
    if missing("lab"):
        raise LabProblem(f"this fault shows a certificate, and what makes one is not installed: {install('lab')}")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509 import (
        AuthorityKeyIdentifier,
        BasicConstraints,
        IPAddress,
        SubjectAlternativeName,
        SubjectKeyIdentifier,
    )

    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    ends = now + shown.ends_in
    authority = (
        _of("The lab's authority", now - _BEGAN, now + _BEGAN)
        .public_key(root.public_key())
        .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_may_issue(), critical=True)
        .add_extension(SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    issued = (
        _of("The embedded system", min(now, ends) - _BEGAN, ends)
        .public_key(key.public_key())
        .add_extension(SubjectAlternativeName([IPAddress(IPv4Address(shown.address))]), critical=False)
        .add_extension(BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / AUTHORITY).write_bytes(authority.public_bytes(pem))
    (folder / _SHOWN).touch(mode=0o600)
    (folder / _SHOWN).write_bytes(secret + issued.public_bytes(pem))


def _of(whom: str, begins: datetime, ends: datetime) -> CertificateBuilder:
    from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
    from cryptography.x509.oid import NameOID

    def called(name: str) -> Name:
        return Name([NameAttribute(NameOID.COMMON_NAME, name)])

    builder = CertificateBuilder().subject_name(called(whom)).issuer_name(called("The lab's authority"))
    return builder.serial_number(random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def _may_issue() -> KeyUsage:
    from cryptography.x509 import KeyUsage

    others = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    none_of_them = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return KeyUsage(key_cert_sign=True, crl_sign=True, **none_of_them)
