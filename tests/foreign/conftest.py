"""A pretix for these tests: built from PyPI once, copied for every use.

They run only when they are asked for (`make foreign`), since building it takes a quarter of an hour.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from targets.foreign.copy import Copy
from targets.pretix.system import CouldNotBeMade, copied, prepared

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own = [item for item in items if _HERE in item.path.parents]
    for item in own:
        item.add_marker("foreign")
        item.add_marker(pytest.mark.timeout(3600))
    if "foreign" not in config.option.markexpr:
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="session")
def made() -> Path:
    try:
        return prepared()
    except CouldNotBeMade as trouble:
        pytest.skip(f"no pretix here: {trouble}")


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Copy:
    return copied(made, tmp_path / "system")
