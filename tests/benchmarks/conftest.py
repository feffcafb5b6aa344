"""A business of few days, generated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.sales_generator.business import Business
from benchmarks.sales_generator.filling import all_lines
from benchmarks.sales_generator.loading import loader_for
from benchmarks.sales_generator.target_file import write_target

DAYS, SALES_A_DAY = 16, 250


@dataclass(frozen=True)
class Filled:
    """A database with its business and target file."""

    url: str
    file: Path
    business: Business
    target: Path

    @classmethod
    def make(cls, folder: Path, business: Business) -> Filled:
        folder.mkdir()
        file = folder / "sales.sqlite"
        loader_for(f"sqlite:///{file}").load(all_lines(business), new=True)
        return cls._beside(file, business)

    def copy(self, folder: Path) -> Filled:
        file = shutil.copy(self.file, folder / "copy.sqlite")
        return self._beside(Path(file), self.business)

    @classmethod
    def _beside(cls, file: Path, business: Business) -> Filled:
        url = f"sqlite:///{file}"
        return cls(url, file, business, write_target(file.parent, url, business))


@pytest.fixture(scope="session")
def few_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    yield Filled.make(tmp_path_factory.mktemp("sales") / "few", Business(DAYS, sales_a_day=SALES_A_DAY))
