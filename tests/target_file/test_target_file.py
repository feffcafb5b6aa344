"""The target file: what is wrong is named with its line and the nearest right word."""

from datetime import timedelta

import pytest

from hypercare.outcome.level import Level
from hypercare.target_file.config import Mode
from hypercare.target_file.loading import TargetFileProblem, check_secrets, load_target

LEAST = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "target.toml"
        path.write_text(text)
        return path

    return write


def test_a_new_target_is_only_observed(written):
    assert load_target(written(LEAST)).target.mode is Mode.OBSERVE


def test_every_level_has_somebody_even_when_only_one_is_named(written):
    text = LEAST + '[escalation]\nL1 = { who = "Mara", respond_within = "10m" }\n'
    levels = load_target(written(text)).escalation
    assert levels[Level.L1].who == "Mara"
    assert levels[Level.L1].respond_within == timedelta(minutes=10)
    assert levels[Level.L3].who


def test_paths_are_meant_from_the_folder_of_the_file(written, tmp_path):
    text = LEAST + '[database]\nurl = "sqlite:///shop.db"\n[backups]\ndirectory = "night"\n'
    text += '[[logs]]\nname = "a"\npath = "logs/a.log"\n'
    config = load_target(written(text))
    assert config.database.url == f"sqlite:///{tmp_path}/shop.db"
    assert config.backups.directory == str(tmp_path / "night")
    assert config.logs[0].path == tmp_path / "logs" / "a.log"


def test_secret_files_are_meant_from_the_folder_of_the_file(written, tmp_path):
    text = LEAST + '[backups]\ndirectory = "s3://b/night"\npassword = { file = "keys/repository" }\n'
    text += 'options = { secret = { file = "keys/store.json", key = "secret" }, anon = false }\n'
    backups = load_target(written(text)).backups
    assert backups.password.file == tmp_path / "keys" / "repository"
    assert (backups.options["secret"].file, backups.options["secret"].key) == (
        tmp_path / "keys" / "store.json",
        "secret",
    )
    assert backups.options["anon"] is False


@pytest.mark.parametrize(
    ("addition", "says"),
    [
        ('[web]\nulr = "http://x.example"\n', r"line 9: unknown key 'web.ulr'; did you mean 'url'\?"),
        ('[wbe]\nurl = "http://x.example"\n', r"line 8: unknown key 'wbe'; did you mean 'web'\?"),
        ('[web]\nurl = "x.example"\n', r"line 9: 'web.url': .*not a web address"),
        ('[[logs]]\nname = "a"\npath = "a"\n[[logs]]\nname = "b"\npth = "b"\n', r"line 13: unknown key 'logs.1.pth'"),
        ("[limits]\ndraft_age = 4\n", r"line 9: 'limits.draft_age': .*unit"),
        ('[limits]\ndraft_age = "soon"\n', r"line 9: 'limits.draft_age': .*not a duration"),
        ('[[accounts]]\nusername = "a"\nrole = "sales"\npassword = "plain"\n', r"line 11: 'accounts.0.password'"),
        ('[web]\nurl = "http://x.example"\nurl = "again"\n', "not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(written, addition, says):
    with pytest.raises(TargetFileProblem, match=says):
        load_target(written(LEAST + "\n" + addition))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (LEAST.replace("Europe/Berlin", "Europe/Berlim"), "line 5: 'business.timezone': there is no time zone"),
        (LEAST.replace("go_live = 2026-01-08", ""), "'business.go_live' is missing"),
        (LEAST.replace('name = "Corner Shop"', 'name = "X"\nadapter = "odo"'), "line 3: there is no adapter 'odo'"),
    ],
)
def test_what_cannot_be_is_said(written, wrong, says):
    with pytest.raises(TargetFileProblem, match=says):
        load_target(written(wrong))


def test_a_missing_file_is_said_in_one_line(tmp_path):
    with pytest.raises(TargetFileProblem, match=r"nowhere\.toml cannot be read: No such file"):
        load_target(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ('{ env = "HYPERCARE_NO_SUCH_SECRET" }', "the environment variable HYPERCARE_NO_SUCH_SECRET is not set"),
        ('{ file = "nowhere" }', "nowhere cannot be read"),
        ('{ file = "secrets.json", key = "b" }', "has no key 'b'"),
    ],
)
def test_a_missing_secret_is_named_but_never_shown(written, tmp_path, reference, says):
    (tmp_path / "secrets.json").write_text('{"a": "hidden-value"}')
    config = load_target(written(f'{LEAST}[[accounts]]\nusername = "a"\nrole = "sales"\npassword = {reference}\n'))
    with pytest.raises(TargetFileProblem, match=says) as refused:
        check_secrets(config)
    assert "hidden-value" not in str(refused.value)
