"""What the target file may say about messages: a mistake is one line with its place, and never repeats a secret."""

import pytest

from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.routes import try_routes
from hypercare.target_file.loading import TargetFileProblem, check_secrets, load_target
from hypercare.target_file.target import Target
from tests.notification.changes import NOW, config_with

HEAD = '[target]\nname = "Corner Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
ADDRESS = 'write an address, "mailto://...", or where it is: { env = "NAME" }, { file = "path" }'


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        ('[[notify]]\nname = "a"\nurl = "my-secret"', 8, f"'notify.0.url': {ADDRESS}"),
        ('[[notify]]\nname = "a"\nurl = { envv = "A" }', 8, f"'notify.0.url': {ADDRESS}"),
        ('[[notify]]\nurl = "mailto://a.test"', 6, "'notify.0.name' is missing"),
        (
            '[[notify]]\nname = "a"\nurl = "mailto://a.test"\nhours = "7 to 8"',
            9,
            "'notify.0.hours': '7 to 8' are no hours; write for instance \"07:00-20:00\"",
        ),
        (
            '[[notify]]\nname = "a"\nurl = "mailto://a.test"\nlevels = []',
            9,
            "'notify.0.levels': at least one is needed; leave the key out for all",
        ),
        (
            '[[notify]]\nname = "a"\nurl = "mailto://a.test"\nlevel = "L3"',
            9,
            "unknown key 'notify.0.level'; did you mean 'levels'?",
        ),
        (
            '[[notify]]\nname = "a"\nurl = "mailto://a.test"\n[[notify]]\nname = "a"\nurl = "mailto://b.test"',
            9,
            "'notify': two routes are named 'a'; a message is remembered under its route's name",
        ),
        ("[heartbeat]\nurll = 3", 7, "unknown key 'heartbeat.urll'; did you mean 'url'?"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path, table, line, says):
    file = tmp_path / "shop.toml"
    file.write_text(HEAD + table, encoding="utf-8")
    with pytest.raises(TargetFileProblem) as problem:
        load_target(file)
    assert str(problem.value) == f"{file}, line {line}: {says}"
    assert "my-secret" not in str(problem.value)


def test_a_secret_that_is_not_there_is_named_by_what_needs_it(tmp_path):
    file = tmp_path / "shop.toml"
    file.write_text(HEAD + '[heartbeat]\nwatch_url = { file = "ping.txt" }\n', encoding="utf-8")
    with pytest.raises(
        TargetFileProblem, match=r"the watch_url of \[heartbeat\] is missing: the secret file .*ping\.txt"
    ):
        check_secrets(load_target(file))
    (tmp_path / "ping.txt").write_text("https://ping.test/uuid\n", encoding="utf-8")
    check_secrets(load_target(file))


def test_the_doctor_reads_every_address_and_sends_nothing(tmp_path, web):
    routes = (
        {"name": "hook", "url": f"{web.url}/secret-path", "levels": ["L1", "L2"]},
        {"name": "riddle", "url": "whatisthis://secret-path"},
    )
    lines = {one.name: one for one in try_routes(Target(config_with(*routes), tmp_path, NOW))}
    assert (lines["route hook"].outcome, lines["route riddle"].outcome) == (AttemptOutcome.WORKS, AttemptOutcome.FAILS)
    assert lines["route riddle"].says == "Apprise makes nothing of its address, which begins with whatisthis://."
    assert lines["who is told"].says == "an incident of each level reaches somebody at every hour"
    assert web.requests == []
    assert not any("secret-path" in one.says + one.remedy for one in lines.values())


@pytest.mark.parametrize(
    ("routes", "says"),
    [
        ((), "Nobody is told anything: there is no [[notify]] route."),
        (
            ({"name": "low", "url": "mailto://a.test", "levels": ["L1", "L2"]},),
            "Nobody is told of L3 incidents (critical): no [[notify]] route takes them.",
        ),
    ],
)
def test_the_doctor_says_what_nobody_would_hear_of(tmp_path, routes, says):
    *_, last = try_routes(Target(config_with(*routes), tmp_path, NOW))
    assert (last.outcome, last.says) == (AttemptOutcome.LEFT_OUT, says)
