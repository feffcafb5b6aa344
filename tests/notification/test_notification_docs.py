"""What docs/notification.md shows is what the program takes."""

import re
from pathlib import Path

import apprise

from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target

PAGE = (Path(__file__).parents[2] / "docs" / "notification.md").read_text(encoding="utf-8")
HEAD = '[target]\nname = "Corner Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'


def test_its_settings_are_taken(tmp_path):
    file = tmp_path / "shop.toml"
    file.write_text(HEAD + "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)), encoding="utf-8")
    config: TargetConfig = load_target(file)
    assert [route.name for route in config.notify] == ["technicians", "owner", "manager"]
    assert config.notify[2].url.file == tmp_path / "manager-mail.txt"
    assert config.heartbeat.watch_url.env == "WATCH_PING"


def test_its_addresses_are_known_to_apprise():
    services = apprise.Apprise().details()["schemas"]
    known = {name for one in services for name in (*(one["protocols"] or ()), *(one["secure_protocols"] or ()))}
    shown = set(re.findall(r"`(\w+)://", PAGE)) - {"https"}
    assert shown
    assert shown <= known


def test_its_numbers_are_those_of_the_program():
    from hypercare.target_file.sections.notify import MessagesSection

    usual = MessagesSection()
    assert (usual.together_from, usual.attempts, usual.budget.total_seconds()) == (4, 12, 20)
    assert (usual.retry_after.total_seconds(), usual.retry_at_most_every.total_seconds()) == (60, 3600)
    assert "From four incidents" in PAGE
    assert "twelve\ntimes" in PAGE
    assert "longer than 20 seconds" in PAGE
