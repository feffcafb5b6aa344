"""The small healthy business of the operations model, asked by the checks of the daily reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from hypercare.outcome.finding import Finding
from tests.operations import conftest
from tests.operations.checking import OF_REPORTS, Asked

business = conftest.business
of_any_check = conftest.asked


@pytest.fixture
def asked(of_any_check: Asked) -> Asked:
    return partial(of_any_check, files=OF_REPORTS)


@pytest.fixture
def found(asked: Asked) -> Callable[..., Finding]:
    def found(name: str, *statements: str) -> Finding:
        finding = asked(name, *statements).finding
        assert finding is not None
        return finding

    return found
