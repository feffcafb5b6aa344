"""What somebody says on a page stands in the day's report at once; what takes long to make stays as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypercare.plan.rounds import Round
from hypercare.reports.writer import rewrite_report
from tests.reports.report_examples import round_summary
from tests.serve.served_shop import TODAY, ServedShop

pytestmark = pytest.mark.server


@pytest.fixture
def day(own_shop: ServedShop) -> Path:
    """The folder of the day's report, beside that of its morning round."""
    morning = own_shop.reports / TODAY / "morning"
    morning.mkdir(parents=True)
    summary = round_summary(Round.MORNING).model_copy(update={"target": "Corner Shop"})
    summary.write(morning / "summary.json")
    return own_shop.reports / TODAY / "day"


@pytest.mark.parametrize(
    ("path", "form", "says"),
    [
        (f"/day/{TODAY}/action", {"text": "called the shop about the cable"}, "called the shop about the cable"),
        (f"/day/{TODAY}/sign-off", {"what": "daily", "note": "read with Jo"}, "Mara"),
        ("/incidents/1/action", {"text": "a new cable was laid"}, "a new cable was laid"),
    ],
)
def test_the_report_shows_what_was_said(
    own_shop: ServedShop, day: Path, path: str, form: dict[str, str], says: str
) -> None:
    answer = own_shop.logged_in().post(path, form)
    assert answer.status_code == 303
    for name in ("index.html", "daily.md", "summary.json"):
        assert says in (day / name).read_text(encoding="utf-8"), name
    assert json.loads((day / "summary.json").read_text(encoding="utf-8"))["target"] == "Corner Shop"
    assert "Allure" in (day / "allure" / "index.html").read_text(encoding="utf-8")
    assert [path.name for path in day.iterdir() if path.name.startswith(".")] == []


def test_a_day_without_a_report_gets_none(own_shop: ServedShop) -> None:
    (own_shop.reports / TODAY / "day" / "index.html").unlink()
    assert own_shop.logged_in().post(f"/day/{TODAY}/action", {"text": "called the shop"}).status_code == 303
    assert not (own_shop.reports / TODAY / "day" / "index.html").exists()


def test_what_was_said_stands_where_the_report_cannot_be_written(
    own_shop: ServedShop, day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert own_shop.logged_in().post(f"/day/{TODAY}/action", {"text": "called the shop"}).status_code == 303
    monkeypatch.undo()
    said = own_shop.annotations.of_day(own_shop.site.acts.today(own_shop.incidents.one(1).opened))
    assert [one.note for one in said.actions] == ["called the shop"]


def test_each_file_is_whole_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is written beside and put in its place in one step."""
    written: list[str] = []
    write = Path.write_text

    def noted(path: Path, *args: object, **named: object) -> int:
        written.append(path.name)
        return write(path, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", noted)
    rewrite_report(round_summary(Round.MORNING), tmp_path)
    assert all(name.startswith(".") and name.endswith(".new") for name in written)
