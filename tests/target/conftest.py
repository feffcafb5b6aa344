"""What the tests of the ways in share."""

from collections.abc import Iterator

import pytest
from http_standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    server = Standin()
    yield server
    server.stop()
