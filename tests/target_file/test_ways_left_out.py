"""A way in that a target file does not name is not there, whatever its adapter knows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.target_file.adapter_defaults import for_ways_of
from hypercare.target_file.loading import load_target

TARGET = """
[target]
name = "Shop"
adapter = "demo"

[business]
timezone = "Europe/Berlin"
currency = "EUR"
go_live = 2026-01-08
"""


@pytest.mark.parametrize(
    ("named", "there"),
    [
        ("", set()),
        ('[api]\nurl = "http://127.0.0.1:1/api/v1"\n', {"api"}),
        ('[mobile]\nurl = "http://127.0.0.1:1/m"\n', {"mobile"}),
        ('[backups]\ndirectory = "backups"\n', {"backups"}),
    ],
)
def test_only_the_ways_that_a_file_names_are_there(tmp_path: Path, named: str, there: set[str]) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(TARGET + named, encoding="utf-8")
    config = load_target(file)
    ways = ("web", "api", "mobile", "database", "backups")
    assert {name for name in ways if getattr(config, name) is not None} == there


def test_what_an_adapter_knows_of_a_named_way_stands_beneath_it(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(TARGET + '[mobile]\nurl = "http://127.0.0.1:1/m"\n', encoding="utf-8")
    mobile = load_target(file).mobile
    assert mobile is not None
    assert mobile.offline


def test_a_way_whose_address_the_adapter_knows_stays() -> None:
    defaults = {"web": {"url": "http://127.0.0.1:1/", "timeout": "5s"}, "api": {"endpoints": []}, "canary": {}}
    assert for_ways_of({}, defaults) == {"web": defaults["web"], "canary": {}}
