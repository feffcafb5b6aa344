"""Can a sale be made, from the first line to the receipt, and is it the same wherever one looks?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level
from hypercare.trials.trials import sell

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.operations.sales import Sales
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web

BY_HAND = "Make a sale by hand in the training branch and see where it stops."


@pytest.mark.item("ops.sales")
def test_a_trial_sale_goes_through_in_the_api_and_the_web_app(
    synthetic: Synthetic, api: Api, web: Web, sales: Sales
) -> None:
    trials = sell(synthetic, (api, web), sales)
    gravest = trials.gravest
    with collect_failures() as part:
        with part:
            expect(
                not trials.refused,
                trials.in_words(none="No sale can be made.", some="A trial sale does not go through."),
                count=len(trials.refused),
                of=len(trials.of_each),
                sample=[attempt.row() for attempt in trials.refused],
                level=Level.L3 if trials.none_went_through else gravest.level if gravest else None,
                next_step=gravest.next_step if gravest else BY_HAND,
            )
        with part:
            expect(
                not trials.disagreements,
                "The web app, the API and the database disagree on a trial sale "
                f"in {len(trials.disagreements)} places.",
                count=len(trials.disagreements),
                sample=trials.disagreements,
                next_step="Compare what each of them says of the sale below.",
            )
        with part:
            trials.require_all_tried()


@pytest.mark.usefixtures("earlier_trials_undone")
@pytest.mark.item("ops.sales")
def test_nothing_is_left_of_earlier_trials(synthetic: Synthetic) -> None:
    expect_none(
        synthetic.left_of_earlier_trials(),
        lambda found: (
            f"{found.count} of {found.of} trial records of earlier rounds still stand and could not be undone."
        ),
        next_step="Void or delete the records below by hand; they carry their reference as a note.",
    )
