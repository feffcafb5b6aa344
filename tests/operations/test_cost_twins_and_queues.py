"""What was entered twice, what piles up, and which reports are graver than a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hypercare.operations.grave_words import grave
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from tests.operations.checking import Asked

TWICE = "costs.no_cost_was_entered_twice"
KEPT = "order_, step_, kind_, amount_, entered_by_"
LAST = "(SELECT max(id_) FROM cost_rows)"


def again(minutes: int, *, amount: str = "amount_", rows: str = f"id_ = {LAST}") -> str:
    later = f"strftime('%Y-%m-%d %H:%M:%f000', entered_at_, '{minutes} minutes')"
    return (
        f"INSERT INTO cost_rows (id_, {KEPT}, entered_at_)"
        f" SELECT id_ + 5000, {KEPT.replace('amount_', amount)}, {later} FROM cost_rows WHERE {rows}"
    )


def test_a_cost_entered_twice_is_found(found: Callable[..., Finding]) -> None:
    finding = found(TWICE, again(4))
    assert finding.count == 1
    assert finding.money


@pytest.mark.parametrize("statement", [again(11), again(4, amount="amount_ + 1")])
def test_a_second_cost_is_not_the_first(asked: Asked, statement: str) -> None:
    assert asked(TWICE, statement).outcome == "passed"


def test_work_that_is_booked_piece_by_piece_is_not_judged(asked: Asked) -> None:
    ended = asked(TWICE, again(2, rows="id_ % 3 = 0"))
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


def jobs_waiting(many: int, since: str) -> str:
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
    return (
        "INSERT INTO job_rows (id_, kind_, state_, due_at_, queued_at_) "
        f"{numbers}SELECT 70000 + i, 'receipt', 'queued', '{since}', '{since}' FROM n"
    )


def test_a_queue_that_never_was_so_long_is_found(found: Callable[..., Finding]) -> None:
    assert found("stuck.waiting_jobs_do_not_pile_up", jobs_waiting(25, "2026-04-01 14:50:00.000000")).count == 25


@pytest.mark.parametrize(("many", "since"), [(19, "2026-04-01 14:50:00.000000"), (25, "2026-04-01 14:58:00.000000")])
def test_a_short_queue_and_one_of_this_minute_are_on_their_way(asked: Asked, many: int, since: str) -> None:
    assert asked("stuck.waiting_jobs_do_not_pile_up", jobs_waiting(many, since)).outcome == "passed"


def test_on_the_first_days_nobody_knows_how_long_a_queue_is(asked: Asked) -> None:
    from tests.operations.facts import TODAY

    ended = asked("stuck.drafts_do_not_pile_up", go_live=TODAY)
    assert ended.outcome == "not covered"
    assert "Not enough history" in ended.reason


GRAVE = (
    "The list shows another shop's customers",
    "I see orders from customers of another branch!",
    "App zeigt Kunden einer anderen Filiale",
    "On voit les clients d'un autre magasin",
    "Veo clientes de otra tienda",
    "Ik zie klanten van een andere winkel",
    "All sales of today are gone",
    "Alle Bestellungen sind verschwunden",
    "Customer was charged twice",
    "Kunde doppelt abgebucht",
    "Nobody can log in since ten",
)
HARMLESS = (
    "How do I print a receipt twice?",
    "Wrong customer chosen",
    "I need another customer list",
    "Please show orders in another colour",
    "Cannot find the other branch in the list",
    "Would like to see sales of other branches too",
    "Customer wants other shop hours",
    "Kundin hat die falsche Bestellung abgeholt",
    "Zeigt andere Daten als gestern",
    "Lost my glove",
    "Receipt missing a line",
    "",
)


@pytest.mark.parametrize("title", GRAVE)
def test_what_a_grave_title_tells_is_known(title: str) -> None:
    assert grave(title)


@pytest.mark.parametrize(
    "text",
    [
        "I printed it twice. The total on the receipt is wrong.",
        "Bitte schaut nach!\nDer Betrag stimmt nicht.",
        "Le montant est faux, et la cliente attend.",
        "I was suddenly logged in as Jonas and could see his things.",
        "Everybody here uses my password because theirs does not work.",
        "It shows another shop's customers when I search.",
        "We write it on paper again, this takes far too long.",
        "Wir schreiben wieder auf Papier.",
    ],
)
def test_what_is_grave_may_stand_in_the_text(text: str) -> None:
    assert grave("Receipt", text)
    assert grave("Receipt", f"It began today. {text}")


@pytest.mark.parametrize(
    "text",
    [
        "How is the total made up? The price is right.",
        "The total is in the wrong place on the page.",
        "I forgot my password and my colleague could not help.",
        "I am logged in as my own user and want to see the list.",
        "Der Preis ist neu.",
        "The printer is out of paper.",
        "Print the receipt on paper, please.",
    ],
)
def test_a_harmless_text_is_not_grave(text: str) -> None:
    assert grave("Receipt", text) == ""


@pytest.mark.parametrize("title", HARMLESS)
def test_a_question_or_a_wish_is_not_grave(title: str) -> None:
    assert grave(title) == ""


def test_an_open_issue_with_grave_words_is_not_for_the_first_level(found: Callable[..., Finding]) -> None:
    finding = found(
        "issues.no_open_issue_is_grave",
        "UPDATE issue_rows SET title_ = 'List shows another shop''s customers' WHERE state_ <> 'resolved'",
    )
    assert finding.level is Level.L2
