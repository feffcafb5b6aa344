"""Every percentage opens to its intervals, and every interval says why it stands as it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import Measured
from hypercare.uptime.span import Evidence, Span
from hypercare.uptime.state import State
from hypercare.uptime.words_of_people import Correction, Maintenance
from hypercare.uptime_history.wording import words_of
from tests.uptime.samples import DOWN, UP, at, measure, series

BERLIN = ZoneInfo("Europe/Berlin")
REFUSED = "The web app cannot be reached."


def only(found: Measured, state: State) -> Span:
    (span,) = [span for span in found.intervals if span.state is state]
    return span


def test_an_outage_names_who_saw_it_how_often_and_why() -> None:
    ledger = Ledger(series("10:00", "10:30") + series("10:30", "10:40", DOWN, says=REFUSED) + series("10:40", "11:00"))
    (receipt,) = only(measure(ledger, "10:00", "11:00"), DOWN).receipts
    assert (receipt.kind, receipt.by, receipt.way, receipt.count) == (Evidence.SAMPLES, "one", "web", 10)
    assert (receipt.start, receipt.end, receipt.says) == (at("10:30"), at("10:39"), REFUSED)


def test_an_outage_of_two_ways_that_overlap_is_one_interval_with_the_receipts_of_both() -> None:
    web = series("10:00", "10:30", DOWN) + series("10:30", "11:00")
    api = (
        series("10:00", "10:20", way="api")
        + series("10:20", "10:40", DOWN, way="api")
        + series("10:40", "11:00", way="api")
    )
    span = only(measure(Ledger(web + api), "10:00", "11:00"), DOWN)
    assert (span.start, span.end) == (at("10:00"), at("10:40"))
    assert [receipt.way for receipt in span.receipts] == ["web", "api"]
    assert span.state is DOWN and all(receipt.state is DOWN for receipt in span.receipts)


def test_a_silence_says_whose_it_was_and_from_when_to_when() -> None:
    ledger = Ledger(series("10:00", "10:30") + series("11:30", "12:00"))
    span = only(measure(ledger, "10:00", "12:00"), State.UNKNOWN)
    assert words_of(span, BERLIN) == ["web: nothing from one from 2 Nov 11:30:30 to 2 Nov 12:30."]


def test_ways_that_fell_silent_together_are_told_in_one_sentence() -> None:
    ledger = Ledger(series("10:00", "10:30") + series("10:00", "10:30", way="api"))
    span = only(measure(ledger, "10:00", "12:00"), State.UNKNOWN)
    assert words_of(span, BERLIN) == ["api, web: nothing from one from 2 Nov 11:30:30 to 2 Nov 13:00."]


def test_a_correction_on_top_of_another_keeps_both_and_what_was_sampled() -> None:
    first = Correction(at("10:00"), at("11:00"), DOWN, "Ida", "the shop could not sell", at("12:00"), way="web")
    second = replace(first, state=State.DEGRADED, by="Marta", reason="it was only slow", at=at("13:00"))
    span = only(
        measure(Ledger(series("10:00", "11:00"), corrections=[second, first]), "10:00", "11:00"),
        State.DEGRADED,
    )
    assert words_of(span, BERLIN) == [
        'Marta on 2 Nov 14:00: web degraded from 2 Nov 11:00 to 2 Nov 12:00 ("it was only slow").',
        'Ida on 2 Nov 13:00: web down from 2 Nov 11:00 to 2 Nov 12:00 ("the shop could not sell").',
        "web: 60 looks of one from 2 Nov 11:00 to 2 Nov 11:59 answered.",
    ]


def test_a_correction_that_was_withdrawn_stays_on_the_receipt() -> None:
    first = Correction(at("10:00"), at("11:00"), DOWN, "Ida", "the shop could not sell", at("12:00"))
    second = replace(first, state=None, reason="that was another day", at=at("13:00"))
    span = only(measure(Ledger(series("10:00", "11:00"), corrections=[first, second]), "10:00", "11:00"), UP)
    assert [words.split(" (")[0] for words in words_of(span, BERLIN)[:2]] == [
        "Ida on 2 Nov 14:00: as sampled from 2 Nov 11:00 to 2 Nov 12:00",
        "Ida on 2 Nov 13:00: down from 2 Nov 11:00 to 2 Nov 12:00",
    ]


def test_maintenance_is_named() -> None:
    ledger = Ledger(series("10:00", "11:00", DOWN), [Maintenance("new release", at("10:00"), at("10:30"), ("web",))])
    span = only(measure(ledger, "10:00", "11:00"), State.MAINTENANCE)
    assert words_of(span, BERLIN)[0] == "Announced: new release, from 2 Nov 11:00 to 2 Nov 11:30 (web)."


def test_two_windows_of_maintenance_that_overlap_are_one_interval_with_both_names() -> None:
    windows = [Maintenance("release", at("10:00"), at("10:40")), Maintenance("backup", at("10:20"), at("11:00"))]
    found = measure(Ledger(series("09:00", "12:00"), windows), "09:00", "12:00")
    span = only(found, State.MAINTENANCE)
    assert found.maintenance == timedelta(hours=1)
    assert [words.partition(",")[0] for words in words_of(span, BERLIN)[:2]] == [
        "Announced: release",
        "Announced: backup",
    ]


def test_too_many_receipts_are_counted() -> None:
    corrections = [
        Correction(at("10:00"), at("11:00"), DOWN, f"Person {number}", "so it was", at("12:00")) for number in range(9)
    ]
    span = only(measure(Ledger(series("10:00", "11:00"), corrections=corrections), "10:00", "11:00"), DOWN)
    words = words_of(span, BERLIN)
    assert (len(words), words[-1]) == (6, "And 5 more.")


def test_time_about_which_nothing_is_known_says_so() -> None:
    nobody = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), State.UNKNOWN)
    assert words_of(nobody, BERLIN) == ["Nobody looked."]
