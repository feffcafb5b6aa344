"""Where nobody names a target, commands take the target file of the present folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare

TARGET = '[target]\nname = "Corner Shop"\n\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
# Faults are put into an embedded system only, and only where it is named.
NAMED_BY_HAND = {"faults"}


def commands(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        elif command is not None:
            yield (*names, name), command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYPERCARE_TARGET", raising=False)
    return tmp_path


def test_every_command_that_needs_one_takes_what_lies_in_the_folder(folder: Path) -> None:
    (folder / "target.toml").write_text(TARGET)
    assert isinstance(hypercare, click.Group)
    taken, strict = [], []
    for names, command in commands(hypercare):
        for option in (one for one in command.params if one.name == "target_file"):
            if option.required:
                strict.append(names)
            elif option.process_value(click.Context(command), None) == Path("target.toml"):
                taken.append(names)
    assert {names[0] for names in strict} == NAMED_BY_HAND
    assert len(taken) > 20
    assert ("doctor",) in taken


@pytest.mark.parametrize("words", [["incidents"], ["history"], ["maintenance", "list"]])
def test_a_command_goes_by_the_file_in_the_folder(folder: Path, words: list[str]) -> None:
    (folder / "target.toml").write_text(TARGET.replace("2026-01-08", '"no day"'))
    done = CliRunner().invoke(hypercare, words)
    assert done.exit_code != 0
    assert "target.toml, line 6" in str(done.exception)


def test_without_one_a_target_must_be_named(folder: Path) -> None:
    done = CliRunner().invoke(hypercare, ["incidents"])
    assert done.exit_code == 2
    assert "Missing option '--target'" in done.output
    assert "There is no target.toml in the present folder." in done.output


def test_what_the_environment_names_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "target.toml").write_text(TARGET)
    monkeypatch.setenv("HYPERCARE_TARGET", str(folder / "other.toml"))
    done = CliRunner().invoke(hypercare, ["probe"])
    assert "other.toml cannot be read" in str(done.exception)
