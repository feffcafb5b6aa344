"""A pytest plugin that runs one check without one of its statements."""

from __future__ import annotations

from types import CodeType

import pytest

from faultlab.looking import PROJECT
from faultlab.mutating.site import Site, without


class Weakening:
    """Every other check stays what it is; the file on the disk is not touched."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        code = _weakened(self._site)
        for item in items:
            if isinstance(item, pytest.Function) and self._is_it(item):
                item.function.__code__ = code

    def _is_it(self, item: pytest.Function) -> bool:
        return item.originalname == self._site.function and item.path == PROJECT / self._site.file


def _weakened(site: Site) -> CodeType:
    path = PROJECT / site.file
    module = compile(without(path.read_text(encoding="utf-8"), site.line), str(path), "exec")
    return next(
        constant
        for constant in module.co_consts
        if isinstance(constant, CodeType) and constant.co_name == site.function
    )
