"""What the documentation declares is what the program understands, to the letter."""

import re
import tomllib
from pathlib import Path

from hypercare.target_file.adapter_defaults import laid_over
from hypercare.target_file.config import TargetConfig

PAGE = Path(__file__).parents[2] / "docs" / "rest-adapter.md"


def blocks():
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_tutorial_is_a_whole_target_file():
    settings = {}
    for block in blocks()[:5]:
        settings = laid_over(settings, tomllib.loads(block))
    config = TargetConfig.model_validate(settings)
    assert config.rest.undoes("draft") and config.rest.undoes("final")
    assert config.rest.order.step.states["started"] == ("doing",)
    assert config.rest.sale.states["final"] == ("PAID", "SHIPPED")


def test_every_example_is_understood():
    base = {}
    for block in blocks()[:5]:
        base = laid_over(base, tomllib.loads(block))
    for block in blocks()[5:]:
        example = tomllib.loads(block)
        others = {verb: told for verb, told in base["rest"].items() if verb not in example.get("rest", {})}
        TargetConfig.model_validate(laid_over({**base, "rest": others}, example))


def test_every_verb_and_key_is_in_the_reference():
    reference = PAGE.with_name("target-file.md").read_text(encoding="utf-8")
    from hypercare.target_file.sections.flow import FlowSection, FlowStep
    from hypercare.target_file.sections.rest import RestSection
    from hypercare.target_file.sections.rest_request import LogIn

    for model in (RestSection, LogIn, FlowSection, FlowStep):
        for key in model.model_fields:
            assert f"| `{key}` |" in reference, key
