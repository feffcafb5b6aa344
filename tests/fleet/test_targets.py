"""The targets of a fleet: those of a folder or of a list, in one order for everybody, and no two under one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.fleet.problem import FleetProblem
from hypercare.fleet.targets import fleet_of

SHOP = '[target]\nname = "{name}"\n{more}\n[business]\ntimezone = "UTC"\ngo_live = 2026-01-08\n'


def shop(file: Path, name: str = "Shop", more: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SHOP.format(name=name, more=more), encoding="utf-8")
    return file


def test_a_folder_is_its_target_files_and_those_of_its_folders_in_order(tmp_path: Path) -> None:
    shop(tmp_path / "b.toml", "B")
    shop(tmp_path / "a" / "target.toml", "A")
    shop(tmp_path / "c.toml", "Ü")
    (tmp_path / "checklist.toml").write_text('base = "built-in"\n')
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "notes.txt").write_text("nothing")
    shop(tmp_path / "..2026_11_30" / "target.toml", "what Kubernetes keeps beside")
    assert [one.name for one in fleet_of(tmp_path)] == ["A", "B", "Ü"]


def test_a_list_names_its_files_from_its_own_folder(tmp_path: Path) -> None:
    shop(tmp_path / "shops" / "a.toml", "A")
    b = shop(tmp_path / "b.toml", "B")
    listed = tmp_path / "fleet.txt"
    listed.write_text(f"# the north\nshops/a.toml   # the first\n\n{b}\n")
    assert [one.name for one in fleet_of(listed)] == ["A", "B"]


def test_a_file_that_cannot_be_read_is_a_target_whose_round_says_so(tmp_path: Path) -> None:
    (tmp_path / "torn.toml").write_text("[target\n")
    assert [one.name for one in fleet_of(tmp_path)] == ["torn"]


@pytest.mark.parametrize("more", ["", 'id = "shop"'], ids=["by name and address", "by id"])
def test_two_that_are_remembered_under_one_name_are_refused(tmp_path: Path, more: str) -> None:
    shop(tmp_path / "a.toml", more=more)
    shop(tmp_path / "b.toml", more=more)
    with pytest.raises(FleetProblem, match=r"a\.toml and .*b\.toml are one target"):
        fleet_of(tmp_path)


def test_two_of_one_name_at_other_addresses_are_two(tmp_path: Path) -> None:
    shop(tmp_path / "a.toml", more='[web]\nurl = "https://a.example.com/"')
    shop(tmp_path / "b.toml", more='[web]\nurl = "https://b.example.com/"')
    assert len(fleet_of(tmp_path)) == 2


def test_what_cannot_be_told_is_one_clear_line(tmp_path: Path) -> None:
    listed, packed = tmp_path / "fleet.txt", tmp_path / "fleet.bin"
    listed.write_text("\ngone.toml\n")
    packed.write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    for place, words in {
        tmp_path / "nowhere": "No such file",
        tmp_path / "empty": "there is no target file in",
        listed: "line 2: there is no target file",
        packed: "is not UTF-8 text",
    }.items():
        with pytest.raises(FleetProblem, match=words) as problem:
            fleet_of(place)
        assert "\n" not in str(problem.value)
