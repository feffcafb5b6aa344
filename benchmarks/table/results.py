"""What was measured, kept from run to run, and the page of it: a run of some parts replaces their rows only."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.table.row import Row

PAGE = Path(__file__).resolve().parents[1] / "results.md"
REASONS = PAGE.with_name("reasons.toml")
_HEAD = """# What it costs

Written by `make bench` ([how](README.md)). Processor time is user and system together, of servers by their own
accounting; ratios are medians over pairs of runs that followed each other in one session, with the least and the
most of them.
"""


class Results:
    """Rows by part, in a file of their own beside the page."""

    def __init__(self, folder: Path, page: Path = PAGE) -> None:
        self.file, self.page = folder / "results.json", page
        self.parts: dict[str, dict[str, Any]] = {}
        if self.file.exists():
            self.parts = json.loads(self.file.read_text(encoding="utf-8"))

    def keep(self, part: str, rows: list[Row], versions: str) -> None:
        """Replace a part's rows and write the page anew."""
        measured = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        self.parts[part] = {"rows": [asdict(row) for row in rows], "versions": versions, "measured": measured}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.parts, indent=1), encoding="utf-8")
        self.page.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        lines = [_HEAD]
        for part, section in self._others().items():
            lines += [f"## {part}", section]
        for part, found in self.parts.items():
            lines += [f"## {part}", "", f"Measured {found['measured']}: {found['versions']}.", ""]
            lines += ["| work | beside | goal | measured | ratio | spread | |", "|---|---|---|---|---|---|---|"]
            rows = [Row(**row) for row in found["rows"]]
            lines += [_line(row) for row in rows]
            notes = ((row, note) for row in rows for note in (row.note, *_reasons(row)) if note)
            lines += ["", *(f"- {row.work}: {note}" for row, note in notes), ""]
        return "\n".join(lines).rstrip() + "\n"

    def _others(self) -> dict[str, str]:
        """What the page says of parts that were measured elsewhere: their rows are in no file of this machine."""
        if not self.page.exists():
            return {}
        _, *sections = re.split(r"^## (.+)\n", self.page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found = dict(zip(sections[::2], sections[1::2], strict=True))
        return {part: text.rstrip("\n") + "\n" for part, text in found.items() if part not in self.parts}


def _reasons(row: Row) -> list[str]:
    """Why a row misses its goal and what was tried, as somebody wrote it down."""
    if row.verdict not in ("missed", "not measured"):
        return []
    written = tomllib.loads(REASONS.read_text(encoding="utf-8"))["reason"]
    return [one["why"] for one in written if re.search(one["row"], row.work)]


def told(row: Row) -> str:
    """One row for the terminal."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} {row.unit}"
    said = f"{row.work} | {row.beside} | goal {row.goal} | {row.figures} | {ratio} ({row.spread}) | {row.verdict}"
    return said + (f"\n    {row.note}" if row.note else "")


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} {row.unit}"
    return f"| {row.work} | {row.beside} | {row.goal} | {row.figures} | {ratio} | {row.spread} | {row.verdict} |"
