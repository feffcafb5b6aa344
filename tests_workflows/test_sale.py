"""Can a sale be made, from the first line to the receipt, and is it the same wherever one looks?"""

import pytest

from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level
from hypercare.target.trials import sell


@pytest.mark.item("ops.sales")
def test_a_trial_sale_goes_through_in_the_api_and_the_web_app(synthetic, api, web, sales):
    trials = sell(synthetic, (api, web), sales)
    none_possible = trials.none_went_through
    expect(
        not trials.refused,
        ("No sale can be made. " if none_possible else "A trial sale does not go through. ") + trials.why,
        count=len(trials.refused),
        of=len(trials.of_each),
        sample=[attempt.row() for attempt in trials.refused],
        level=Level.L3 if none_possible else None,
        next_step="Make a sale by hand in the training branch and see where it stops.",
    )
    expect(
        not trials.disagreements,
        f"The web app, the API and the database disagree on a trial sale in {len(trials.disagreements)} places.",
        count=len(trials.disagreements),
        sample=trials.disagreements,
        next_step="Compare what each of them says of the sale below.",
    )


@pytest.mark.item("ops.sales")
def test_nothing_is_left_of_earlier_trials(synthetic):
    expect_none(
        synthetic.sweep(),
        "{count} of {of} trial records of earlier rounds still stand and could not be undone.",
        next_step="Void or delete the records below by hand; they carry their reference as a note.",
    )
