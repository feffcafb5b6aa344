"""`python -m faultlab.mutating.one PREPARED OUT SITE FAULT`: look at a fault with a weakened check."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from types import CodeType

import pytest

from faultlab.catalogue import fault_named
from faultlab.mutating.site import Site, all_sites, without
from faultlab.proving.one import prove
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import PROJECT


class Weakening:
    """A pytest plugin that runs one check without one of its statements.

    Every other check stays what it is; the file on the disk is not touched.
    """

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


def main() -> int:
    prepared, out, site_id, name = sys.argv[1:]
    site = next(one for one in all_sites() if one.id == site_id)
    workshop = Path(tempfile.mkdtemp(prefix="hypercare-weaken-"))
    fault = fault_named(name)
    try:
        proof = prove(
            fault, (), PreparedDay(Path(prepared)), workshop, items=tuple(fault.noticed_by), plugins=(Weakening(site),)
        )
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    Path(out).write_text(json.dumps(proof.as_dict()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
