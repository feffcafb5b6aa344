"""The client that a target file itself declares: flows, or a page object in a Python file beside it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hypercare.clients.client import Client
from hypercare.outcome.signals import MonitorFault
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import MobileSection, WebSection

if TYPE_CHECKING:
    from hypercare.browser.page import PageSession


def declared_client(
    section: WebSection | MobileSection, channel: Channel, new_page_session: Callable[[], PageSession]
) -> Client | None:
    """A new client of the target file's own making; None where it declares none, and the adapter's is used.

    Raises:
        MonitorFault: the page object cannot be loaded.
    """
    if section.pages is not None:
        make = _page_object(section.pages, f"{channel.value}.pages")
        return make(new_page_session())
    if section.flow is not None:
        from hypercare.clients.flow_client import FlowClient

        return FlowClient(new_page_session(), section.flow, channel)
    return None


def _page_object(named: str, key: str) -> Callable[[PageSession], Client]:
    path, _, name = named.rpartition(":")
    file = Path(path)
    try:
        spec = importlib.util.spec_from_file_location(f"hypercare_pages_{file.stem}", file)
        if spec is None or spec.loader is None:
            raise ImportError("it is no Python file")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        make: Callable[[PageSession], Client] = getattr(module, name)
    except Exception as error:
        message = " ".join(str(error).split())
        raise MonitorFault(
            f"The page object {named!r} cannot be loaded: {type(error).__name__}: {message}",
            remedy=f'Correct [{key.partition(".")[0]}] pages = "FILE.py:CLASS" in the target file.',
        ) from error
    return make
