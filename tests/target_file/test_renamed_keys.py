"""A target file of before is read as one of today, with a warning for each old name, and nothing else changes."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from hypercare.target_file import loading
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import TargetFileProblem, load_target
from hypercare.target_file.renamed_keys import RENAMED, Renamed, say_the_old_kinds, with_new_names
from tests.target_file.old_target_file import NEW, OLD

LEAST = '[target]\nname = "Corner Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
OLD_WEB = LEAST + '[web]\nurl = "https://shop.example.com/"\nwithin = "3s"\n'


def loaded(folder: Path, text: str) -> TargetConfig:
    path = folder / "target.toml"
    path.write_text(text, encoding="utf-8")
    return load_target(path)


def test_a_file_of_before_means_what_the_same_file_of_today_means(tmp_path: Path) -> None:
    old, new = loaded(tmp_path, OLD), loaded(tmp_path, NEW)
    assert old.model_dump() == new.model_dump()
    assert new.origin.old_names == ()


@pytest.mark.parametrize("renamed", RENAMED, ids=lambda one: f"{one.section}.{one.old}")
def test_each_old_name_has_one_line_with_file_section_and_both_names(renamed: Renamed, tmp_path: Path) -> None:
    lines = loaded(tmp_path, OLD).origin.old_names
    assert len(lines) == len(RENAMED)
    (line,) = (one for one in lines if renamed.words in one)
    assert line.startswith(f"{tmp_path / 'target.toml'}, line ")
    assert {f"[{renamed.section}]", renamed.old, renamed.new} <= set(line.split())


def test_the_line_is_that_on_which_the_old_name_first_stands(tmp_path: Path) -> None:
    lines = loaded(tmp_path, OLD).origin.old_names
    (endpoint,) = (one for one in lines if "[api.endpoints]" in one)
    first = next(number for number, line in enumerate(OLD.splitlines(), 1) if '"15s"' in line)
    assert f", line {first}: " in endpoint


def test_the_own_log_has_the_warnings(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hypercare"):
        config = loaded(tmp_path, OLD_WEB)
    warned = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warned == list(config.origin.old_names)
    assert warned == [
        f"{tmp_path / 'target.toml'}, line 8: [web] within is called timeout now; "
        "the old name is read for one more version"
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            '[web]\nurl = "https://shop.example.com/"\ntimeout = "3s"\nwithin = "4s"\n',
            "line 9: [web] has both timeout and within, which is the old name of the same key; leave within out",
        ),
        (
            '[canary]\nproducts = { retail = "A", stock = "B" }\n',
            "line 7: [canary.products] has both stock and retail, which is the old name of the same key; "
            "leave retail out",
        ),
        (
            '[api]\nurl = "https://shop.example.com/"\n[[api.endpoints]]\nname = "a"\npath = "/a"\nwithin = "1s"\n'
            'timeout = "1s"\n',
            "line 11: [api.endpoints] has both timeout and within, which is the old name of the same key; "
            "leave within out",
        ),
    ],
)
def test_both_names_of_a_key_are_refused_in_one_line(more: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(TargetFileProblem) as refused:
        loaded(tmp_path, LEAST + more)
    assert str(refused.value) == f"{tmp_path / 'target.toml'}, {says}"


def test_an_old_name_of_the_file_goes_before_the_new_one_of_its_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "defaults_of", lambda _: {"web": {"timeout": "1s"}})
    config = loaded(tmp_path, OLD_WEB)
    assert config.web is not None and config.web.timeout.total_seconds() == 3


def test_old_names_that_an_adapter_brings_are_read_and_told_as_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "defaults_of", lambda _: {"web": {"within": "1s"}})
    config = loaded(tmp_path, LEAST + '[web]\nurl = "https://shop.example.com/"\n')
    assert config.web is not None and config.web.timeout.total_seconds() == 1
    (line,) = config.origin.old_names
    assert line.startswith("the settings of the adapter 'none': [web] within is called timeout now")


def test_what_has_the_wrong_shape_is_left_to_the_check_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(TargetFileProblem, match="'web'"):
        loaded(tmp_path, f"web = 3\n{LEAST}")


def test_what_was_sent_for_a_kind_without_a_word_of_its_own_is_sent_still() -> None:
    old = {
        "canary": {"products": {"retail": "A", "studio": "B"}},
        "rest": {"kinds": {"studio": "measured"}, "create_sale": {"body": {"sort": "{kind}"}}},
        "web": {"flow": {"create_sale": [{"choose": "Sort", "value": "{kind}"}]}},
        "mobile": {"flow": {"create_sale": [{"click": "New"}]}},
    }
    changed, found = with_new_names(old)
    say_the_old_kinds(changed, found)
    assert changed["rest"]["kinds"] == {"stock": "retail", "made_to_order": "measured"}
    assert changed["web"]["flow"]["kinds"] == {"stock": "retail", "made_to_order": "studio"}
    assert "kinds" not in changed["mobile"]["flow"]
    assert old["canary"] == {"products": {"retail": "A", "studio": "B"}}


def test_products_and_requests_may_stand_in_the_file_and_in_its_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = {"web": {"flow": {"create_sale": [{"choose": "Sort", "value": "{kind}"}]}}}
    monkeypatch.setattr(loading, "defaults_of", lambda _: requests)
    products = '[web]\nurl = "https://shop.example.com/"\n[canary]\nproducts = { retail = "A", studio = "B" }\n'
    web = loaded(tmp_path, LEAST + products).web
    assert web is not None and web.flow is not None
    assert web.flow.kinds == {"stock": ("retail",), "made_to_order": ("studio",)}
    assert "kinds" not in requests["web"]["flow"]
