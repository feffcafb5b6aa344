"""What comes and goes is one incident, told once, and over only when it is steady."""

from tests.escalation.incidents_of_a_shop import after, incidents_in, kinds_of, trouble


def rounds_of(incidents, *minutes):
    """Fails and holds in turn, at these minutes."""
    heard = []
    for number, minute in enumerate(minutes):
        failing = number % 2 == 0
        noted = incidents.note_round([trouble()] if failing else [], [] if failing else ["a.b"], after(minute))
        heard.append(kinds_of(noted.changes))
    return heard


def test_coming_back_is_the_same_incident_and_asks_for_an_answer_again(tmp_path):
    incidents = incidents_in(tmp_path)
    (first,), _, _ = incidents.note_round([trouble()], [], after())
    incidents.acknowledge(first.id, "Mara", "", after(5))
    incidents.note_round([], ["a.b"], after(10))
    (again,), _, changes = incidents.note_round([trouble()], [], after(120))
    assert kinds_of(changes) == ["reopened"]
    assert (again.id, again.acknowledged, again.begun, again.respond_by) == (first.id, None, 2, after(180))


def test_the_third_beginning_in_a_short_while_is_told_as_flapping(tmp_path):
    assert rounds_of(incidents_in(tmp_path), 0, 20, 40, 60, 80) == [
        ["opened"],
        ["resolved"],
        ["reopened"],
        ["resolved"],
        ["flapping"],
    ]


def test_while_it_flaps_nothing_is_told_and_it_is_over_when_it_was_steady(tmp_path):
    incidents = incidents_in(tmp_path)
    rounds_of(incidents, 0, 20, 40, 60, 80)
    assert rounds_of(incidents, 100, 105, 110, 115) == [[], [], [], []]
    assert incidents.open(after(169))[0].flapping
    assert incidents.overdue(after(169)) == ()
    assert kinds_of(incidents.overdue(after(170))) == ["resolved"]


def test_three_beginnings_over_a_long_while_are_not_flapping(tmp_path):
    heard = rounds_of(incidents_in(tmp_path), 0, 200, 400, 600, 800)
    assert heard[-1] == ["reopened"]


def test_flapping_is_forgotten_once_it_was_over(tmp_path):
    incidents = incidents_in(tmp_path)
    rounds_of(incidents, 0, 20, 40, 60, 80, 200)
    noted = incidents.note_round([trouble()], [], after(900))
    assert kinds_of(noted.changes) == ["reopened"]
    assert not noted.open[0].flapping
