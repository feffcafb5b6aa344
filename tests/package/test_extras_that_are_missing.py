"""What an extra holds and is not installed is one line that names the extra, with the status that fits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from demo_erp.database import Database
from demo_erp.errors import SetupProblem
from hypercare import cli
from hypercare.adapters.demo import installed
from hypercare.adapters.demo.process import EmbeddedProblem, EmbeddedSystem
from hypercare.database.engine import make_engine
from hypercare.extras import MODULES
from hypercare.history.store import History
from hypercare.init import api_description
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.public_holidays import holidays_of

TARGET = """
[target]
name = "Shop"
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
currency = "EUR"
"""


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Takes an extra away: its modules are as if they were not installed."""

    def take_away(extra: str) -> None:
        for loaded in [name for name in sys.modules if name.partition(".")[0] in MODULES[extra]]:
            monkeypatch.delitem(sys.modules, loaded)
        for module in MODULES[extra]:
            monkeypatch.setitem(sys.modules, module, None)
        # What the embedded system needs it gets itself, where there is something to get it with.
        monkeypatch.setattr(installed, "_installer", lambda: None)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))

    return take_away


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """`hypercare WORDS`, with its status and what it says on standard error."""

    def ran(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["hypercare", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(str(ended.value.code)), capsys.readouterr().err.strip()

    return ran


def require_line(line: str, extra: str) -> None:
    assert f'pip install "hypercare[{extra}]"' in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("extra", "words", "status"),
    [
        ("demo", ["demo", "--state", "{folder}/state"], 3),
        ("demo", ["daily", "--project", "{root}", "--reports", "{folder}/reports"], 3),
        pytest.param(
            "postgresql",
            ["demo", "--state", "{folder}/state", "--database", "postgresql://nobody@127.0.0.1:9/shop"],
            4,
            marks=pytest.mark.server,  # looks for a free port first
        ),
        ("serve", ["serve", "--target", "{served}", "--reports", "{folder}"], 3),
        ("yaml", ["init", "--api", "{folder}/openapi.yaml", "--out", "{folder}/new.toml"], 4),
        (
            "parquet",
            [
                "history",
                "export",
                "--format",
                "parquet",
                "--to",
                "{folder}/rounds.parquet",
                "--target",
                "{target}",
                "--reports",
                "{folder}",
            ],
            4,
        ),
    ],
    ids=["demo", "daily", "demo on PostgreSQL", "serve", "init from YAML", "export to Parquet"],
)
def test_a_command_names_the_extra_that_it_needs(
    extra: str,
    words: Sequence[str],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    without: Callable[[str], None],
    run: Callable[..., tuple[int, str]],
) -> None:
    monkeypatch.setenv("HYPERCARE_CACHE", str(tmp_path / "cache"))
    target = tmp_path / "shop.toml"
    target.write_text(TARGET, encoding="utf-8")
    (tmp_path / "served.toml").write_text(f"{TARGET}[serve]\n", encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text("openapi: 3.0.0\npaths: {}\n", encoding="utf-8")
    (tmp_path / "history.sqlite").touch()
    places = {
        "folder": tmp_path,
        "target": target,
        "served": tmp_path / "served.toml",
        "root": Path(__file__).parents[2],
    }
    without(extra)
    ended, line = run(*(word.format(**places) for word in words))
    require_line(line, extra)
    assert ended == status


def test_a_session_on_the_embedded_system_is_our_own_fault_without_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: Callable[[str], None]
) -> None:
    """A fault of the monitor, which ends a session with status 3."""
    monkeypatch.setenv("HYPERCARE_CACHE", str(tmp_path))
    without("demo")
    with pytest.raises(EmbeddedProblem) as raised:
        EmbeddedSystem.start()
    require_line(f"{raised.value.reason}. {raised.value.remedy}", "demo")
    assert isinstance(raised.value, MonitorFault)


@pytest.mark.parametrize(
    ("address", "extra"),
    [
        ("postgresql://watch@127.0.0.1:9/erp", "postgresql"),
        ("mysql://watch@127.0.0.1:9/erp", "mysql"),
        ("mariadb://watch@127.0.0.1:9/erp", "mysql"),
    ],
)
def test_the_database_of_a_target_names_the_extra_of_its_driver(
    address: str, extra: str, without: Callable[[str], None]
) -> None:
    without(extra)
    with pytest.raises(MonitorFault) as raised:
        make_engine(make_url(address), timedelta(seconds=1))
    require_line(f"{raised.value.reason}. {raised.value.remedy}", extra)


def test_a_driver_of_somebodys_own_choice_is_in_no_extra_of_ours() -> None:
    with pytest.raises(MonitorFault) as raised:
        make_engine(make_url("postgresql+asyncpg_of_nobody://watch@127.0.0.1:9/erp"), timedelta(seconds=1))
    assert "hypercare[" not in raised.value.remedy and "psycopg" in raised.value.remedy


def test_a_history_on_postgresql_names_the_extra_of_its_driver(without: Callable[[str], None]) -> None:
    without("postgresql")
    history = History(make_url("postgresql://watch:secret@127.0.0.1:9/history"), "shop")
    with pytest.raises(Exception, match="there is no driver for the history") as raised, history.reading():
        pass
    require_line(str(raised.value), "postgresql")
    assert "secret" not in str(raised.value)


def test_the_embedded_system_on_postgresql_names_it_too(tmp_path: Path, without: Callable[[str], None]) -> None:
    without("postgresql")
    with pytest.raises(SetupProblem) as raised:
        Database("postgresql://nobody@127.0.0.1:9/shop", tmp_path)
    require_line(str(raised.value), "postgresql")


def test_holidays_of_a_country_name_their_extra(without: Callable[[str], None]) -> None:
    holidays_of.cache_clear()
    without("holidays")
    with pytest.raises(ValueError, match="not installed") as raised:
        holidays_of("DE")
    require_line(str(raised.value), "holidays")


@pytest.mark.parametrize(
    ("sent", "is_description"),
    [("openapi: 3.0.0\npaths: {}\n", True), ("swagger: '2.0'\n", True), ("All is well", False)],
)
def test_a_server_that_describes_itself_in_yaml_is_not_said_to_be_silent(
    sent: str, is_description: bool, monkeypatch: pytest.MonkeyPatch, without: Callable[[str], None]
) -> None:
    monkeypatch.setattr(api_description, "_sent", lambda *_, **__: httpx.Response(200, text=sent))
    without("yaml")
    if not is_description:
        assert "does not describe itself" in api_description.described("https://shop.test").why
        return
    with pytest.raises(api_description.NoDescription) as raised:
        api_description.described("https://shop.test")
    require_line(str(raised.value), "yaml")
