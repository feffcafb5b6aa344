"""A command line that a message or a sentence quotes works when it is pasted."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from hypercare.history.opening import open_history
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target

TEXT = '[target]\nname = "Shop"\n\n[business]\ntimezone = "UTC"\ngo_live = 2026-01-08\n'


def loaded(folder: Path, name: str = "shop.toml", more: str = "") -> TargetConfig:
    file = folder / name
    file.write_text(TEXT + more)
    return load_target(file)


def test_the_target_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert command_line(load_target(Path("shop.toml")), "ack 3 --by NAME") == (
        "hypercare ack 3 --by NAME --target shop.toml"
    )


@pytest.mark.parametrize("name", ["our shop.toml", "o'hare.toml", "shop$HOME.toml"])
def test_a_path_is_quoted_for_the_shell(tmp_path: Path, name: str) -> None:
    config = loaded(tmp_path, name)
    assert shlex.split(command_line(config, "incidents"))[-1] == str(tmp_path / name)


@pytest.mark.parametrize(
    ("reports", "more", "named"),
    [
        ("reports", "", False),
        ("elsewhere", "", True),
        ("elsewhere", '[history]\nurl = "postgresql://db/hypercare"\n', False),
    ],
)
def test_the_reports_are_named_where_the_history_would_not_be_found(
    tmp_path: Path, reports: str, more: str, named: bool
) -> None:
    config = loaded(tmp_path, more=more)
    open_history(config, Path(reports))
    assert (f"--reports {reports}" in command_line(config, "ack 3 --by NAME")) == named
    assert "--reports" not in command_line(config, "doctor", reads_history=False)
