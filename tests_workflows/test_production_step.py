"""Does the workshop's work move: a studio sale opens its order, and steps can be started and finished?"""

import pytest

from hypercare.outcome.all_told import all_told
from hypercare.outcome.expect import expect
from hypercare.target.trials import work

STOPPED = "A trial production step does not go through."
BY_HAND = "Make a studio sale in the training branch and try to start its first step by hand."


@pytest.mark.item("ops.production-steps")
def test_a_trial_step_goes_through_in_the_api_and_the_web_app(synthetic, api, web, production):
    trials = work(synthetic, (api, web), production)
    gravest = trials.gravest
    with all_told() as part:
        with part:
            expect(
                not trials.refused,
                trials.in_words(none=STOPPED, some=STOPPED),
                count=len(trials.refused),
                of=len(trials.of_each),
                sample=[attempt.row() for attempt in trials.refused],
                level=gravest and gravest.level,
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
