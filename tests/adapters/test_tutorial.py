"""The tutorial, to the letter: from an empty folder its commands are typed and its blocks laid into their files."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import sysconfig
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from tests.adapters.booked_shop import BookedShop
from tests.adapters.serving import served
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.small_shop_pages import ShopPages

pytestmark = [pytest.mark.slow, pytest.mark.server]

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "tutorial.md"
ADDRESS, DATABASE = "https://shop.example.com", "/srv/shop.sqlite"
# A block, and the file that the words before it name last.
BLOCK = re.compile(r"(?:`(?P<file>[^`\s]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
# An environment of the project's own tests would be found in place of the reader's.
OURS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "HYPERCARE_TARGET", "HYPERCARE_REPORTS", "PYTEST_ADDOPTS"}
LOOK = "import hypercare; from hypercare.shipped import IS_PACKAGED; print(hypercare.__file__, IS_PACKAGED)"


class Machine:
    """The reader's: it has Python, the wheel for an index, and no package of ours until that is installed.

    What else would be downloaded is lent: the packages of these tests, and the report generator of the repository.
    """

    def __init__(self, folder: Path) -> None:
        self._programs, self._wheels = folder / "programs", folder / "wheels"
        for place in (self._programs, self._wheels):
            place.mkdir(parents=True)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(self._wheels)]
        subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
        self._program("python3", f'exec "{sys.executable}" "$@"')
        self._program("npm", f'exec ln -s "{PROJECT}/node_modules" node_modules')
        self._cache = folder / "cache"

    def _program(self, name: str, does: str, folder: Path | None = None) -> None:
        place = (folder or self._programs) / name
        place.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        place.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        ours = Path(sys.executable).parent
        others = [one for one in os.environ["PATH"].split(os.pathsep) if Path(one) != ours]
        return {name: value for name, value in os.environ.items() if name not in OURS and name[:4] != "PIP_"} | {
            "PATH": os.pathsep.join([str(self._programs), *others]),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self._wheels),
            "PIP_NO_DEPS": "1",
            "PIP_IGNORE_INSTALLED": "1",
            "XDG_CACHE_HOME": str(self._cache),
            "HYPERCARE_NODE": "none",  # what Node makes of a round is the matter of other tests
        }

    def lend_packages(self, environment: Path) -> None:
        """Those of the lender stand behind its own, so what is installed there is found first."""
        (packages,) = environment.glob("lib/python*/site-packages")
        (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        self._program("pytest", f'exec "{environment}/bin/python" -P -m pytest "$@"', environment / "bin")


class Reader:
    """Does what the page says, in a terminal that begins in an empty folder; `said` is what was printed last."""

    def __init__(self, folder: Path, machine: Machine, shop: BookedShop, url: str) -> None:
        self.home = self.where = folder
        self.said = ""
        self._machine, self._shop, self._url = machine, shop, url
        self._environment = machine.environment

    def follow(self, kind: str, block: str, file: str, *, fails: bool) -> None:
        block = block.replace(ADDRESS, self._url).replace(DATABASE, str(self._shop.file))
        if kind == "sh":
            for line in block.strip().splitlines():
                self.type(line, status=1 if fails else 0)
        elif kind == "sql":
            with closing(sqlite3.connect(self._shop.file)) as books, books:
                assert books.execute(block).rowcount == 1
        elif kind == "text":
            self._compare(block)
        else:
            self._write(file or "target.toml", block)

    def type(self, line: str, *, status: int = 0) -> None:
        """What a line does to the terminal itself, its folder and its variables, holds for the next."""
        folder, variables = self.home.parent / "pwd", self.home.parent / "env"
        keep = f'ended=$?; pwd > "{folder}"; env -0 > "{variables}"; exit $ended'
        command = ["bash", "-c", f"{line}\n{keep}"]
        ran = subprocess.run(
            command, cwd=self.where, env=self._environment, capture_output=True, text=True, timeout=600
        )
        self.said = ran.stdout + ran.stderr
        assert ran.returncode == status, f"{line} ends with {ran.returncode}:\n{self.said[-4000:]}"
        self.where = Path(folder.read_text(encoding="utf-8").rstrip("\n"))
        told = variables.read_text(encoding="utf-8").split("\0")
        self._environment = dict(one.split("=", 1) for one in told if one)
        if " -m venv " in line:
            self._machine.lend_packages(self.home / line.split()[-1])

    def _write(self, name: str, block: str) -> None:
        file = self.where / name
        if name == "target.toml":
            written = tomllib.loads(file.read_text(encoding="utf-8"))
            block = tomlkit.dumps(_laid_over(written, tomllib.loads(block)))
        elif file.exists():
            block = f"{file.read_text(encoding='utf-8')}\n{block}"
        file.write_text(block, encoding="utf-8")

    def _compare(self, block: str) -> None:
        """Each line of an output as the page shows it: times and figures may be others."""
        plain = re.sub(r"\s+", " ", re.sub(r"\d+\.\d+ s ", "", self.said))
        for line in block.strip().splitlines():
            shown = re.sub(r"\s+", " ", line.strip())
            assert shown in plain, f"the page shows {shown!r}; what came was\n{self.said[-3000:]}"


def _laid_over(settings: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict):
            _laid_over(settings[name], value)
        else:
            settings[name] = value
    return settings


def _expects_failure(blocks: list[re.Match[str]], number: int) -> bool:
    shown = blocks[number + 1] if number + 1 < len(blocks) else None
    return shown is not None and shown["kind"] == "text" and " failed" in shown["text"]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_newcomer_gets_from_an_empty_folder_to_a_check_that_failed_and_was_mended(tmp_path: Path) -> None:
    blocks = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))
    assert {block["kind"] for block in blocks} == {"sh", "toml", "text", "python", "markdown", "sql"}
    shop = BookedShop(tmp_path / "srv.sqlite")
    home = tmp_path / "home"
    home.mkdir()
    ends: list[bool] = []
    with served([*ShopApi(shop).routes, *ShopPages(shop).routes]) as url:
        reader = Reader(home, Machine(tmp_path / "machine"), shop, url)
        for number, block in enumerate(blocks):
            fails = _expects_failure(blocks, number)
            reader.follow(block["kind"], block["text"], block["file"] or "", fails=fails)
            ends += [fails] if "--item own.vouchers" in block["text"] else []
    assert ends == [True, False], "the own check fails once, and then it passes"
    _require_installed(reader)
    _require_report(home / "shop")
    assert {one.status for one in shop.orders.values()} <= {"CANCELLED"}, "a trial was left standing"


def _require_installed(reader: Reader) -> None:
    reader.type(f'python -c "{LOOK}"')
    place, is_packaged = reader.said.split()
    assert Path(place).is_relative_to(reader.home / ".venv")
    assert is_packaged == "True"


def _require_report(project: Path) -> None:
    report = project / "reports" / "latest"
    summary = json.loads((report / "summary.json").read_text(encoding="utf-8"))
    assert (summary["round"], summary["status"]) == ("daily", "healthy")
    assert {item["id"]: item["outcome"] for item in summary["items"]}["own.vouchers"] == "passed"
    assert (report / "runbook" / "own.vouchers.html").is_file()
