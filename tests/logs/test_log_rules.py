"""What a record counts as, a team may say by its text, whatever level the record states."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from hypercare.logs import Logs
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.logs import LogRule, LogSource
from tests.standins.frozen_target import ago, frozen_target


def rule(says: str, counts_as: str, log: str | None = None) -> LogRule:
    return LogRule.model_validate({"says": says, "counts_as": counts_as, "log": log})


def classes(folder: Path, records: list[tuple[str, str]], *rules: LogRule, form: str = "json") -> list[str]:
    times = [ago(minutes=90 - number).isoformat() for number in range(80)]
    quiet = [("INFO", f"sale {number} was saved") for number in range(60)]
    lines = [
        json.dumps({"time": at, "level": level, "message": says}) if form == "json" else f"{at} {level} {says}"
        for at, (level, says) in zip(times, [*quiet, *records], strict=False)
    ]
    (folder / "app.log").write_text("\n".join([*lines, ""]), encoding="utf-8")
    source = LogSource(name="app", path=folder / "app.log", format=form)
    target = frozen_target(folder, logs=(source,), log_rules=rules)
    return sorted(row["class"] for row in Logs(target).errors(target.today).rows())


TAPE = "Tape drive stands"
RULES = [
    ("a quiet line that is critical here", ("INFO", TAPE), [rule(TAPE, "critical")], ["critical"]),
    ("a warning that is an error here", ("WARNING", TAPE), [rule(TAPE, "error")], ["other"]),
    ("an error that is none here", ("ERROR", TAPE), [rule(TAPE, "warning")], []),
    ("an error that is a person's own", ("ERROR", TAPE), [rule(TAPE, "user error")], ["user error"]),
    ("the first rule that fits", ("ERROR", TAPE), [rule("Tape", "warning"), rule(TAPE, "critical")], []),
    ("a rule for another text", ("ERROR", TAPE), [rule("Printer", "warning")], ["other"]),
    ("what is critical stays so", ("CRITICAL", TAPE), [rule(TAPE, "warning")], ["critical"]),
    ("letters that JSON may escape", ("INFO", "Bänder „voll“"), [rule("Bänder „voll“", "critical")], ["critical"]),
]


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(("record", "rules", "told"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_a_record_counts_as_the_first_rule_says(
    tmp_path: Path, record: tuple[str, str], rules: list[LogRule], told: list[str], form: str
) -> None:
    assert classes(tmp_path, [record], *rules, form=form) == told


def test_a_rule_may_be_for_one_log_only(tmp_path: Path) -> None:
    assert classes(tmp_path, [("INFO", TAPE)], rule(TAPE, "critical", log="app")) == ["critical"]
    with pytest.raises(ValidationError, match="names the log 'ap'; there are none"):
        TargetConfig.model_validate(
            {
                "target": {"name": "Shop"},
                "business": {"timezone": "UTC", "go_live": "2026-01-08"},
                "log_rules": [{"says": TAPE, "counts_as": "error", "log": "ap"}],
            }
        )
