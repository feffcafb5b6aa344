"""From an address to a place, and the reports into it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypercare.outcome.redaction import ALL_SECRETS, bare_address
from hypercare.publishing.place import LocalFolder, Place
from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.publication import Publication, Publisher
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.secrets import MissingSecret, SecretReference

_OF_THIS_MACHINE = ("file://", "local://")


def publish_reports(
    reports: Path,
    address: str,
    *,
    options: Mapping[str, str | int | bool | SecretReference] | None = None,
    keep_days: int | None = None,
    anew: bool = False,
) -> Publication:
    """Put the reports of a folder, with the index that lies there, where `address` leads.

    Raises:
        PublishProblem: the place cannot be reached or written, or needs a package that is not installed here.
    """
    if reports.absolute() == Path(address).absolute():
        raise PublishProblem(f"{address} is the folder of the reports itself")
    try:
        place = place_of(address, _resolved(options or {}))
        return Publisher(reports, place, keep_days=keep_days, anew=anew).publish()
    except OSError as error:
        trouble = ALL_SECRETS.text(str(error.strerror or error))
        raise PublishProblem(f"the reports cannot be published to {shown(address)}: {trouble}") from None


def publish_as_configured(
    reports: Path, config: TargetConfig, *, where: str | None = None, keep_days: int | None = None, anew: bool = False
) -> Publication:
    """The same as [publish] of the target file says; what is given here stands in place of it.

    Raises:
        PublishProblem: as publish_reports, or a secret is missing.
    """
    section = config.publish
    if section is None:
        raise PublishProblem("the target file has no [publish]")
    try:
        address = where or section.address
    except MissingSecret as missing:
        raise PublishProblem(f"[publish] url is missing: {missing}") from None
    days = keep_days or section.keep_days or config.reports.keep_days
    # What one place needs besides is nothing to another.
    options = section.options if where is None else {}
    return publish_reports(reports, address, options=options, keep_days=days, anew=anew)


def place_of(address: str, options: Mapping[str, Any]) -> Place:
    """Raises PublishProblem: see RemotePlace."""
    for scheme in _OF_THIS_MACHINE:
        if address.startswith(scheme):
            return LocalFolder(Path(address.removeprefix(scheme)))
    if "://" not in address:
        return LocalFolder(Path(address).expanduser())
    from hypercare.publishing.remote_place import RemotePlace

    return RemotePlace(address, options)


def shown(address: str) -> str:
    """The address without a name, a password or a key in it."""
    return ALL_SECRETS.text(bare_address(address) if "://" in address else address)


def _resolved(options: Mapping[str, str | int | bool | SecretReference]) -> dict[str, Any]:
    try:
        return {
            name: value.resolve() if isinstance(value, SecretReference) else value for name, value in options.items()
        }
    except MissingSecret as missing:
        raise PublishProblem(f"a secret of [publish] options is missing: {missing}") from None
