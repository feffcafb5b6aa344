"""Tryton watched from a project of its own, by the installed package: its shipped adapter needs no clone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hypercare.scaffold.project import OWN_ITEM, with_own_plan
from targets.tryton.prepared import Prepared
from tests.scaffold.installed_wheel import built_wheel, environment_with, ran
from tests.tryton.conftest import Copied
from tests.tryton.tryton_engines import each_on


@pytest.mark.parametrize("prepared_on", each_on([("sqlite",)]), indirect=True)
def test_rounds_of_a_new_project_find_nothing(prepared_on: Prepared, copied: Copied, tmp_path: Path) -> None:
    programs = environment_with(built_wheel(tmp_path / "wheel"), tmp_path)
    hypercare = str(programs / "hypercare")
    ran([hypercare, "new", "shop"], tmp_path)
    shop = tmp_path / "shop"
    with copied(prepared_on, served=True) as system:
        (shop / "target.toml").write_text(
            with_own_plan(system.target_file.read_text(encoding="utf-8")), encoding="utf-8"
        )
        shutil.copy(system.target_file.parent / "secrets.json", shop)
        for chosen in ("morning", "evening"):
            ran([hypercare, "round", chosen], shop, {"HYPERCARE_NODE": "none"})
            summary = json.loads((shop / "reports" / "latest" / "summary.json").read_text(encoding="utf-8"))
            assert ([one["round"] for one in summary["rounds"] if one["ran"]][-1], summary["incidents"]) == (chosen, [])
            outcomes = {item["id"]: item["outcome"] for item in summary["items"]}
            assert set(outcomes.values()) <= {"passed", "not covered", "awaiting"}
            assert sum(outcome == "passed" for outcome in outcomes.values()) >= 5
        assert OWN_ITEM in ran([str(programs / "python"), "-m", "pytest", "--checklist", "-q"], shop)
