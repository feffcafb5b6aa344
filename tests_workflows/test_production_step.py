"""Does production move: a sale of something made to order opens its order, and steps can be started and finished?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect
from hypercare.trials.trials import work

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.operations.production import Production
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web

STOPPED = "A trial production step does not go through."
BY_HAND = "Sell something made to order in the training branch and try to start its first step by hand."


@pytest.mark.item("ops.production-steps")
def test_a_trial_step_goes_through_in_the_api_and_the_web_app(
    synthetic: Synthetic, api: Api, web: Web, production: Production
) -> None:
    trials = work(synthetic, (api, web), production)
    gravest = trials.gravest
    with collect_failures() as part:
        with part:
            expect(
                not trials.refused,
                trials.in_words(none=STOPPED, some=STOPPED),
                count=len(trials.refused),
                of=len(trials.of_each),
                sample=[attempt.row() for attempt in trials.refused],
                level=gravest.level if gravest else None,
                next_step=gravest.next_step if gravest else BY_HAND,
            )
        with part:
            expect(
                not trials.disagreements,
                f"A production step was moved, but {len(trials.disagreements)} things did not follow.",
                count=len(trials.disagreements),
                sample=trials.disagreements,
                next_step="Compare the order below in the web app, the API and the database.",
            )
        with part:
            trials.require_all_tried()
