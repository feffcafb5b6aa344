"""A round may be killed at any moment: nothing that had ended is lost, nothing is there twice, the next one tells."""

import pytest

from tests.history.killing import kill_rounds

pytestmark = pytest.mark.server


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_few_rounds_killed_at_random_moments_lose_nothing(tmp_path):
    _, wrong = kill_rounds(tmp_path, kills=8, seed=20260115)
    assert wrong == []
