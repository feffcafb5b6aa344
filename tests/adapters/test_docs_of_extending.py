"""The pages on checks, log sources, languages and shapes of tables say what the program understands."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hypercare.init.names import load_vocabulary
from hypercare.logs.reading import LogReader
from hypercare.logs.requests import request_of
from hypercare.plan.checklist import read_checklist
from hypercare.target_file.adapter_defaults import laid_over
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.logs import LogSource
from tests.adapters.booked_shop import BookedShop

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs"
MAPPING = """
[target]
name = "Thread & Needle"
[business]
timezone = "UTC"
go_live = 2026-01-08
[rounds]
retry_after = "1ms"
[database]
url = "sqlite:///{file}"
[mapping]
money = "cents"
[mapping.sale]
table = "orders"
columns = {{ id = "id", number = "no", state = "status", total = "total_cents", created_at = "created_at", finalised_at = "paid_at" }}
values.state = {{ draft = "OPEN", final = "PAID", void = "CANCELLED" }}
"""  # noqa: E501 - an inline table of TOML stands on one line


def blocks(page, kind):
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def run_check(folder, *more):
    command = [sys.executable, "-m", "pytest", "-p", "hypercare.pytest_plugin", "-p", "no:cacheprovider", "-q"]
    options = ["--target", "shop.toml", "--checklist-file", "checklist.toml", "--reports", "reports", *more]
    ran = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, timeout=600)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def project(tmp_path):
    """A folder with the page's check, item and rule, beside a shop's database."""
    BookedShop(tmp_path / "shop.sqlite")
    rule, item, *_ = blocks("how-to-add-a-check.md", "toml")
    (tmp_path / "test_presents.py").write_text(blocks("how-to-add-a-check.md", "python")[0])
    (tmp_path / "checklist.toml").write_text(item)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["hypercare.fixtures"]\n')
    (tmp_path / "shop.toml").write_text(MAPPING.format(file=tmp_path / "shop.sqlite") + rule)
    return tmp_path


@pytest.mark.long
@pytest.mark.server
def test_the_check_of_the_page_holds_on_a_healthy_shop_and_notices_a_present(project):
    status, said = run_check(project)
    assert status == 0 and "1 passed" in said, said
    with closing(sqlite3.connect(project / "shop.sqlite")) as books, books:
        books.execute("UPDATE orders SET total_cents = 0 WHERE no = '7-0004'")
    status, said = run_check(project)
    assert status == 1, said
    assert re.search(r"L1 user support: 1 of \d+ final sales cost nothing\.", said), said
    assert "7-0004" in said


def test_the_rule_of_the_page_is_understood(project):
    rules = TargetConfig.model_validate(tomllib.loads((project / "shop.toml").read_text())).mapping.agreed.rules
    assert [rule.holds for rule in rules] == ["amount_cents > 0"]


def log_examples():
    page = (DOCS / "how-to-add-a-log-source.md").read_text(encoding="utf-8")
    return re.findall(r"```text\n(.*?)\n```\s*```toml\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize(("line", "declared"), log_examples(), ids=range(len(log_examples())))
def test_each_log_of_the_page_is_read(line, declared, tmp_path):
    (told,) = tomllib.loads(declared)["logs"]
    source = LogSource.model_validate({**told, "path": str(tmp_path / told["path"])})
    source.path.write_text(line + "\n")
    reader = LogReader(source, NOW, tmp_path / "unpacked")
    newest, form = reader.newest(), reader.form
    assert newest is not None and newest.date().isoformat() == "2026-01-15", newest
    record = form.record(line.encode(), source.name)
    if "error" in line:
        assert record.gravity.name == "ERROR"
    if source.tells_of_requests:
        request = request_of(record, form)
        assert request is not None and request.duration is not None
        assert request.duration.total_seconds() == pytest.approx(0.036)


def test_the_concepts_of_the_page_are_there():
    words, states = (tomllib.loads(block) for block in blocks("how-to-add-a-language.md", "toml")[:2])
    file = DOCS.parent / "hypercare" / "init" / "vocabulary.toml"
    real = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(words["concepts"]) <= set(real["concepts"])
    assert set(states["words"]["sale"]["state"]) == set(real["words"]["sale"]["state"])
    assert load_vocabulary().words["sale", "state"]


def test_a_plan_in_other_words_is_a_plan(tmp_path):
    (tmp_path / "checklist.de.toml").write_text(blocks("how-to-add-a-language.md", "toml")[2])
    assert read_checklist(tmp_path / "checklist.de.toml")["verify.costs"].section == "Daten"


def test_every_shape_of_the_page_is_understood():
    base = {"target": {"name": "x"}, "business": {"timezone": "UTC", "go_live": "2026-01-08"}}
    base["mapping"] = {"branch": {"table": "store", "columns": ["id"]}}
    shapes = blocks("mapping-shapes.md", "toml")
    assert len(shapes) >= 7
    for shape in shapes:
        config = TargetConfig.model_validate(laid_over(base, tomllib.loads(shape)))
        assert config.mapping.branch is not None
