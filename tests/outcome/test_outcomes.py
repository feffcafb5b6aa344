"""How the ends of several checks make the end of one item."""

import pytest

from hypercare.outcome.outcome import Outcome, weightiest


@pytest.mark.parametrize(
    ("ends", "end"),
    [
        ([], "not covered"),
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["passed", "flaky"], "flaky"),
        (["blocked", "passed"], "blocked"),
        (["monitor fault", "blocked"], "monitor fault"),
        (["failed", "monitor fault"], "failed"),
        (["not covered", "passed"], "passed"),
        (["not covered", "not covered"], "not covered"),
        (["awaiting", "passed"], "awaiting"),
    ],
)
def test_the_weightiest_end_decides(ends, end):
    assert weightiest(map(Outcome, ends)) == end
