"""The tutorial, to the letter: its commands are run and its blocks laid into the file, in their order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomlkit

from tests.adapters.booked_shop import BookedShop
from tests.adapters.serving import served
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.small_shop_pages import ShopPages

pytestmark = pytest.mark.server

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "tutorial.md"
ADDRESS = "https://shop.example.com"


class Reader:
    """Does what the page says, in a folder with the shop's database; `said` is what the last command printed."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.said = folder, url, ""
        self.environment = dict(os.environ)

    def follow(self, kind: str, block: str) -> None:
        {"sh": self._run, "toml": self._lay, "text": self._compare}[kind](block.replace(ADDRESS, self.url))

    def _run(self, block: str) -> None:
        for line in block.strip().splitlines():
            words = shlex.split(line)
            words[0] = words[0].removeprefix(".venv/bin/")
            if words[0] == "export":
                name, _, value = words[1].partition("=")
                self.environment[name] = value
            else:
                self._do(words)

    def _do(self, words: list[str]) -> None:
        reports = ["--reports", str(self.folder / "reports")]
        target = ["--target", str(self.folder / "shop.toml")]
        if words[0] == "pytest":
            # The page is read in the project's folder, and this test stands beside it.
            rest = [word for word in words[1:] if word not in {"--target", "shop.toml"}]
            command, where = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], PROJECT
            command += [*rest, *target, *reports]
        else:
            command, where = [str(Path(sys.executable).with_name("hypercare")), *words[1:]], self.folder
            command += reports if words[1] == "adapter" else []
        ran = subprocess.run(command, cwd=where, env=self.environment, capture_output=True, text=True, timeout=600)
        self.said = ran.stdout + ran.stderr
        assert ran.returncode == 0, f"{' '.join(words)} ends with {ran.returncode}:\n{self.said[-4000:]}"
        if (self.folder / "shop.toml").exists() and words[1] == "init":
            self.said = (self.folder / "shop.toml").read_text(encoding="utf-8")

    def _lay(self, block: str) -> None:
        file = self.folder / "shop.toml"
        written = tomllib.loads(file.read_text(encoding="utf-8"))
        file.write_text(tomlkit.dumps(_laid_over(written, tomllib.loads(block))), encoding="utf-8")

    def _compare(self, block: str) -> None:
        """Each line of an output as the page shows it: times and figures may be others."""
        plain = re.sub(r"\s+", " ", re.sub(r"\d+\.\d+ s ", "", self.said))
        for line in block.strip().splitlines():
            shown = re.sub(r"\s+", " ", line.strip())
            assert shown in plain, f"the page shows {shown!r}; what came was\n{self.said[-3000:]}"


def _laid_over(settings: dict, more: dict) -> dict:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict):
            _laid_over(settings[name], value)
        else:
            settings[name] = value
    return settings


@pytest.mark.timeout(900)
def test_a_newcomer_gets_from_nothing_to_a_green_round(tmp_path):
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert {kind for kind, _ in blocks} == {"sh", "toml", "text"}
    shop = BookedShop(tmp_path / "shop.sqlite")
    with served([*ShopApi(shop).routes, *ShopPages(shop).routes]) as url:
        reader = Reader(tmp_path, url)
        for kind, block in blocks:
            reader.follow(kind, block)
    assert "passed" in reader.said
    assert {one.status for one in shop.orders.values()} <= {"CANCELLED"}, "a trial was left standing"
