"""Who is called, by the hour: as the target file has it, in the business's own zone."""

from datetime import UTC, datetime

import pytest

from hypercare.escalation.terms import Terms
from hypercare.outcome.level import Level
from hypercare.target_file.loading import TargetFileProblem, load_target
from tests.escalation.incidents_of_a_shop import config_with

ON_CALL = [
    {"who": "Cover", "first": "2026-02-02", "last": "2026-02-06"},
    {"who": ["Ann", "Ben"], "days": ["mon", "tue", "wed", "thu", "fri"], "hours": "08:00-18:00"},
    {"who": "Nora", "days": ["fri"], "hours": "18:00-08:00"},
]
LEVEL = {"who": "Support", "respond_within": "1h", "on_call": ON_CALL}


@pytest.mark.parametrize(
    ("local", "who"),
    [
        ("2026-01-15 08:00", "Ann, Ben"),
        ("2026-01-15 17:59", "Ann, Ben"),
        ("2026-01-15 18:00", "Support"),
        ("2026-01-16 18:00", "Nora"),
        ("2026-01-17 07:59", "Nora"),
        ("2026-01-17 08:00", "Support"),
        ("2026-01-16 07:59", "Support"),
        ("2026-02-03 09:00", "Cover"),
        ("2026-02-06 23:59", "Cover"),
        ("2026-02-07 00:00", "Nora"),
        # Summer time: the hours are those of the clock on the wall.
        ("2026-07-02 08:00", "Ann, Ben"),
        ("2026-07-02 07:59", "Support"),
    ],
)
def test_who_is_called(local, who):
    terms = Terms.of(config_with(escalation={"L2": LEVEL}))
    at = datetime.fromisoformat(local).replace(tzinfo=terms.business.calendar.zone)
    assert terms.who(Level.L2, at.astimezone(UTC)) == who


def test_levels_that_the_file_leaves_out_are_those_of_the_plan():
    terms = Terms.of(config_with(escalation={"L2": LEVEL}))
    assert terms.who(Level.L1, datetime(2026, 1, 15, tzinfo=UTC)) == "Administrator or manager"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("[[escalation.L2.on_call]]\nwho = []\n", "who"),
        ('[[escalation.L2.on_call]]\nwho = "Ann"\nhours = "8 to 6"\n', "are no hours"),
        ("[incidents]\nconfirm = 4\nconfirm_of = 3\n", "can never be reached"),
        ('[incidents]\nholds = "5m"\n', "did you mean 'hold'"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path, lines, says):
    file = tmp_path / "shop.toml"
    file.write_text(
        '[target]\nname = "Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
        f'[escalation.L2]\nwho = "Support"\nrespond_within = "1h"\n{lines}'
    )
    with pytest.raises(TargetFileProblem) as problem:
        load_target(file)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)
