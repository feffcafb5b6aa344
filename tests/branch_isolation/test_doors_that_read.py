"""Every operation that an API describes is asked for another branch's records, and only a leak is one."""

from __future__ import annotations

import pytest

from hypercare.outcome.doors import Passage, listening_at_doors
from hypercare.outcome.signals import NotCovered
from tests.branch_isolation.described_shop import DescribedShop, isolation_of

VERBS = {"list": "list", "search": "search", "read": "read", "notes": "read", "export": "export", "report": "report"}


@pytest.fixture
def doors(tmp_path, standin):
    """How each door held, by its entity and verb."""
    apis = []

    def look(shop, **more):
        isolation = isolation_of(shop, standin, tmp_path, **more)
        apis.append(isolation.api)
        with listening_at_doors() as heard:
            isolation.look.doors_that_read(isolation.api)
        return {(door.entity, door.verb): door for door in heard.values()}

    yield look
    for api in apis:
        api.close()


@pytest.mark.parametrize("names_branches", [True, False], ids=["named", "nameless"])
@pytest.mark.parametrize("opened", list(VERBS))
def test_the_door_that_is_open_is_told_and_no_other(doors, opened, names_branches):
    found = doors(DescribedShop(opened=frozenset({opened}), names_branches=names_branches, keys="{counted}"))
    leaking = {place for place, door in found.items() if door.passage is Passage.OPEN}
    assert leaking == {("notes" if opened == "notes" else "bills", VERBS[opened])}


@pytest.mark.parametrize(
    "shop",
    [
        DescribedShop(),
        DescribedShop(names_branches=False),
        DescribedShop(names_branches=False, keys="{counted}"),
        DescribedShop(names_branches=False, keys="{n}"),
        DescribedShop(names_branches=False, keys="{n}", alike=True),
    ],
    ids=["by branch", "by key", "counted", "counted by branch", "counted by branch and alike"],
)
def test_where_nothing_leaks_nothing_is_told(doors, shop):
    assert all(door.passage is not Passage.OPEN for door in doors(shop).values())


def test_where_the_answers_are_alike_in_both_branches_the_door_was_not_tried(doors):
    found = doors(DescribedShop(names_branches=False, keys="{n}", alike=True))
    assert found[("bills", "read")].passage is Passage.NOT_TRIED
    assert "cannot be told" in found[("bills", "read")].reason


def test_what_its_own_people_may_not_ask_was_not_tried(doors):
    found = doors(DescribedShop(without=frozenset({"export"})))
    assert found[("bills", "export")].reason == "its own people are answered 403"
    assert found[("bills", "list")].passage is Passage.CLOSED


def test_records_that_nobody_declares_are_left_alone(doors):
    with pytest.raises(NotCovered, match="No door between branches"):
        raise_if_nothing(doors(DescribedShop(opened=frozenset(VERBS)), branch_isolation={"entities": []}))


def raise_if_nothing(found):
    if not found:
        raise NotCovered("No door between branches")


def test_what_does_something_by_get_is_not_asked_for(doors):
    shop = DescribedShop()
    found = doors(shop)
    assert not [path for _, path in shop.asked if path.endswith("/approve")]
    assert "does something" in found[("approve", "list")].reason


def test_a_declared_list_says_that_its_records_are_a_branchs_own(doors):
    lists = [{"name": "bills", "path": "/bills", "branch": "items[].branch"}]
    found = doors(
        DescribedShop(opened=frozenset({"read"})), branch_isolation={"entities": []}, api={"branch_lists": lists}
    )
    assert found[("bills", "read")].passage is Passage.OPEN


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"branches": ("TRN",)}, "Fewer than two branches"),
        ({"business": {"branches_see_each_other": True}}, "may see each other"),
        ({"description": {"about": "no description"}}, "no OpenAPI description"),
        ({"branch_isolation": {"entities": ["bills"], "roles": ["manager"]}}, "role that may see its own"),
    ],
)
def test_what_cannot_be_asked_is_not_covered(doors, more, says):
    with pytest.raises(NotCovered, match=says):
        doors(DescribedShop(), **more)


def test_no_more_is_asked_than_agreed_and_the_rest_has_its_turn_on_another_day(doors):
    shop = DescribedShop()
    found = doors(shop, branch_isolation={"entities": ["bills"], "most_requests": 20})
    assert len([path for _, path in shop.asked if path != "/me"]) <= 20
    assert any("another day" in door.reason for door in found.values())


def test_what_is_too_large_is_asked_for_once_and_the_other_doors_are_tried(doors, monkeypatch):
    monkeypatch.setattr("hypercare.api.api._LARGEST_BODY", 5_000)
    shop = DescribedShop(opened=frozenset({"export"}), padding="x" * 6_000)
    found = doors(shop)
    assert len([path for _, path in shop.asked if path.endswith(".csv")]) == 1
    assert "larger than" in found[("bills", "export")].reason
    assert found[("bills", "read")].passage is Passage.CLOSED


def test_an_export_that_does_not_come_to_an_end_is_no_outage(doors):
    shop = DescribedShop(breaks_off=frozenset({"export"}))
    found = doors(shop)
    assert found[("bills", "export")].passage is Passage.NOT_TRIED
    assert found[("bills", "list")].passage is Passage.CLOSED
