"""The conformance suite on the embedded system's own adapter."""

import pytest
from click.testing import CliRunner

from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.cli import hypercare

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def demo():
    system = EmbeddedSystem.start()
    yield system
    system.stop()


@pytest.mark.long
def test_every_promise_is_kept_in_the_api(demo, tmp_path):
    arguments = ["adapter", "test", "--target", str(demo.target_file), "--reports", str(tmp_path)]
    ran = CliRunner().invoke(hypercare, arguments, standalone_mode=False)
    if ran.exception:
        raise ran.exception
    assert ran.return_value == 0, ran.output
    assert "not covered" not in ran.output.splitlines()[-2], ran.output
