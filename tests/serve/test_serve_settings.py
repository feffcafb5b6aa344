"""[serve]: off unless asked for, this machine alone unless said otherwise; and the command with its users."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from hypercare.cli import main
from hypercare.history.opening import open_history
from hypercare.serve.accounts import Accounts
from hypercare.serve.files import find_file
from hypercare.serve.reach import Reach, own_path
from hypercare.target_file.loading import TargetFileProblem, load_target
from tests.serve.served_shop import write_reports

HEAD = '[target]\nname = "Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
USER = '[[serve.users]]\nname = "Mara"\nrole = "reviewer"\n'
PUBLIC = 'beyond_this_machine = true\npublic_url = "https://reports.example.com"\n'
Type = Callable[..., tuple[int, str]]


def target(folder: Path, serve: str) -> Path:
    file = folder / "shop.toml"
    file.write_text(f"{HEAD}{serve}", encoding="utf-8")
    return file


@pytest.fixture
def type_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """`hypercare serve WORDS` about a target file with these settings, with its status and what it says."""

    def typed(settings: str, *words: str, given: str = "") -> tuple[int, str]:
        places = ["--target", str(target(tmp_path, settings)), "--reports", str(tmp_path)]
        monkeypatch.setattr(sys, "argv", ["hypercare", "serve", *words, *places])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(str(ended.value.code)), printed.out + printed.err

    return typed


def test_without_its_section_nothing_is_served(type_serve: Type) -> None:
    status, says = type_serve("")
    assert (status, "nothing is served unless the target file says so" in says) == (4, True)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('address = "0.0.0.0"', "say beyond_this_machine = true as well, and put a proxy with TLS in front"),
        ('address = "0.0.0.0"\nbeyond_this_machine = true', "needs public_url"),
        ('address = "shop.example.com"', "is no address of a machine"),
        ('public_url = "http://reports.example.com"', "public_url is to be https"),
        ('public_url = "https://example.com/reports"', "without a path"),
        ('public_url = "https://a:b@example.com"', "is not a web address"),
        ('proxies = ["proxy"]', "is no address"),
        ('[[serve.users]]\nname = "Mara"\n[[serve.users]]\nname = "Mara"', "stands there twice"),
        ('[[serve.users]]\nname = "Mara"\npassword = "secret"', "unknown key"),
        ('[[serve.users]]\nname = " Mara"', "no name that somebody can type"),
        ('session_length = "30d"', "session_length"),
    ],
)
def test_what_would_be_reached_otherwise_than_meant_is_refused(tmp_path: Path, settings: str, says: str) -> None:
    with pytest.raises(TargetFileProblem, match=re.escape(says)):
        load_target(target(tmp_path, f"[serve]\n{settings}\n"))


def test_by_default_this_machine_alone_is_answered(tmp_path: Path) -> None:
    section = load_target(target(tmp_path, "[serve]\n")).serve
    assert section is not None
    assert (section.address, section.beyond_this_machine, section.public_url, section.users) == (
        "127.0.0.1",
        False,
        None,
        (),
    )


def test_elsewhere_it_is_reached_by_its_public_address(tmp_path: Path) -> None:
    section = load_target(target(tmp_path, f'[serve]\naddress = "0.0.0.0"\n{PUBLIC}proxies = ["10.0.0.0/8"]\n')).serve
    assert section is not None
    reach = Reach.of(section, 8480)
    assert reach.is_secure
    assert [reach.has_host(host) for host in ("Reports.Example.com", "reports.example.com:443", "other.example")] == [
        True,
        True,
        False,
    ]
    assert [reach.is_own(one) for one in ("https://reports.example.com", "http://127.0.0.1:8480", "null", "")] == [
        True,
        False,
        False,
        False,
    ]
    assert reach.sender("10.0.0.2", "6.6.6.6, 203.0.113.7, 10.0.0.9") == "203.0.113.7"
    assert reach.sender("203.0.113.1", "6.6.6.6") == "203.0.113.1"
    assert reach.sender("10.0.0.2", "<script>") == "10.0.0.2"


@pytest.mark.parametrize("path", ["/", "/incidents/3", "/day/2026-01-15", "/reports/latest/index.html", "/trail"])
def test_a_page_of_ours_is_gone_on_to(path: str) -> None:
    assert own_path(path) == path


def test_a_user_gets_a_password_that_stands_nowhere_in_plain_text(tmp_path: Path, type_serve: Type) -> None:
    settings = f"[serve]\n{USER}"
    assert type_serve(settings, "--add-user", "Mara", given="a long password\n") == (
        0,
        "Mara can log in. Sessions from before have ended.\n",
    )
    config = load_target(tmp_path / "shop.toml")
    assert config.serve is not None
    history = open_history(config, tmp_path)
    accounts = Accounts(history, config.serve)
    assert [accounts.is_right("Mara", one) for one in ("a long password", "a long passworD", "")] == [
        True,
        False,
        False,
    ]
    history.close()
    assert not [path for path in tmp_path.iterdir() if path.is_file() and b"a long password" in path.read_bytes()]
    assert type_serve(settings, "--remove-user", "Mara") == (0, "Mara cannot log in any more.\n")
    assert not accounts.is_right("Mara", "a long password")


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("Jo", "a long password", "names no 'Jo'"),
        ("Mara", "short", "at least 12 characters"),
        ("Mara", "a long password\x00", "that can be typed"),
        ("Mara", "", "at least 12 characters"),
    ],
)
def test_who_cannot_get_a_password_is_told_why(type_serve: Type, name: str, password: str, says: str) -> None:
    status, line = type_serve(f"[serve]\n{USER}", "--add-user", name, given=f"{password}\n")
    assert (status, says in line, line.count("\n")) == (4, True, 1)


@pytest.mark.parametrize(
    ("asked", "kind", "page", "scripts"),
    [
        ("2026-01-15/day/index.html", "text/html; charset=utf-8", True, False),
        ("latest/index.html", "text/html; charset=utf-8", True, False),
        ("latest/allure/index.html", "text/html; charset=utf-8", False, True),
        ("latest/daily.md", "text/plain; charset=utf-8", False, False),
        ("week-1.html", "text/html; charset=utf-8", True, False),
        ("latest/picture.svg", "image/svg+xml", False, False),
    ],
)
def test_a_file_of_the_reports_is_shown_as_what_it_is(
    tmp_path: Path, asked: str, kind: str, page: bool, scripts: bool
) -> None:
    write_reports(tmp_path / "reports")
    found = find_file(tmp_path / "reports", asked)
    assert found is not None
    assert (found.kind, found.is_page, found.has_scripts) == (kind, page, scripts)


@pytest.mark.parametrize(
    "asked", ["", "/", "..", "../outside/index.html", "latest/leak.html", "leak/index.html", "latest"]
)
def test_what_lies_elsewhere_is_no_file_of_the_reports(tmp_path: Path, asked: str) -> None:
    write_reports(tmp_path / "reports")
    assert find_file(tmp_path / "reports", asked) is None


@pytest.mark.server
def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    file = target(tmp_path, f"[serve]\nport = 0\n{USER}")
    words = ["serve", "--target", str(file), "--reports", str(tmp_path)]
    served = subprocess.Popen(
        [sys.executable, "-m", "hypercare", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert served.stdout is not None
        line = served.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address is not None, line
        assert httpx.get(f"{address[0]}/").headers["location"] == "/login"
    finally:
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=30)
    assert served.returncode == 0
    assert "Mara has no password yet: hypercare serve --add-user 'Mara'" in errors
    assert "Traceback" not in errors


def test_the_settings_on_the_page_are_good_ones(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "serve.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    sections = [load_target(target(tmp_path, example)).serve for example in examples]
    assert [section.public_url if section else None for section in sections] == [None, "https://reports.example.com"]
