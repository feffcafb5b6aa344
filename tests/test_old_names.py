"""What was renamed in the target file is called by its old name in one place only: the table that still reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from hypercare.target_file import renamed_keys
from hypercare.target_file.renamed_keys import RENAMED

ROOT = Path(__file__).parents[1]
TABLE = Path(renamed_keys.__file__)
# The embedded business keeps its own words, and so do the pages of what was proven on it.
ITS_OWN = (ROOT / "hypercare/adapters/demo", ROOT / "docs/proof")
WRITTEN = {".toml", ".template", ".md", ".json", ".j2"}
OLD = sorted({one.old for one in RENAMED})


def files(*endings: str) -> Iterator[Path]:
    for folder in ("hypercare", "targets", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and path != TABLE and not any(path.is_relative_to(own) for own in ITS_OWN):
                yield path


@pytest.mark.parametrize("old", OLD)
def test_no_page_and_no_target_file_gives_a_key_by_its_old_name(old: str) -> None:
    """Between quotes or backticks, or before an equals sign: the same word in a sentence is no key."""
    key = re.compile(rf"""(?<![\w-]){old}\s*=(?!=)|`{old}`|'{old}'|"{old}\"""")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(*WRITTEN)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if key.search(line)
    ]
    assert found == []


@cache
def texts_of_modules() -> Sequence[tuple[str, str]]:
    """Where each text of a module stands, and the text."""
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node.value)
        for path in files(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("old", OLD)
def test_no_module_knows_an_old_name(old: str) -> None:
    """Neither as a text of its own nor as a key in a longer one, as of TOML that is written."""
    key = re.compile(rf"(?<![\w-]){old} = [\"'0-9]")
    assert [place for place, text in texts_of_modules() if text == old or key.search(text)] == []
