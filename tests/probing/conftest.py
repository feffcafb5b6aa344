"""What the tests of the prober share."""

from collections.abc import Iterator

import pytest

from tests.standins.http_standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    server = Standin()
    yield server
    server.stop()
