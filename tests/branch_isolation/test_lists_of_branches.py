"""No declared list may show anybody records of another branch: asked for real, with each person's own rights."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from hypercare.api.api import Api
from hypercare.branch_isolation import BranchIsolation
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.branch_lists import BranchList
from tests.standins.some_target import some_account, some_target

BRANCHES = ("HAR", "OLD", "TRN")
PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}
REST = {
    "log_in": {"kind": "basic"},
    "who": {"path": "/me", "username": "name", "role": "role", "branch": "branch"},
    "sale": {"key": "id", "number": "id", "state": "state", "total": "total"},
}


def rows_of(*branches: str) -> list[dict[str, object]]:
    return [{"id": f"{one}-{n}", "branch": one, "total": "1.00", "state": "final"} for one in branches for n in (1, 2)]


def as_json(rows):
    return "application/json", json.dumps({"items": rows})


def as_csv(rows):
    return "text/csv", "\ufeffid;branch\r\n" + "".join(f"{one['id']};{one['branch']}\r\n" for one in rows)


def as_person(rows):
    own = rows[0]["branch"]
    return "application/json", json.dumps({"name": f"check.{own.lower()}", "role": "sales", "branch": own})


def told_to(answer, written=as_json):
    """A place that answers what `answer` makes of (branch of who asks, query); None is a refusal."""

    def tell(handler) -> None:
        carried = handler.headers.get("authorization", "").removeprefix("Basic ")
        own = base64.b64decode(carried).decode().partition(":")[0].removeprefix("check.").upper()
        rows = answer(own, {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()})
        media_type, body = written(rows or [])
        encoded = body.encode()
        handler.send_response(403 if rows is None else 200)
        handler.send_header("content-type", media_type)
        handler.send_header("content-length", str(len(encoded)))
        handler.end_headers()
        handler.wfile.write(encoded)

    return tell


@pytest.fixture
def shown(tmp_path, standin):
    """What one list shows, declared as given and answered by `answer`."""
    apis = []

    def look(answer, written=as_json, branches=BRANCHES, rest=(), business=(), **declared):
        declared.setdefault("path", "/list")
        if "key" not in declared:
            declared.setdefault("branch", "items[].branch")
        standin.answers["/me"] = told_to(own_alone, as_person)
        standin.answers["/sales"] = told_to(own_alone)
        standin.answers["/list"] = told_to(answer, written)
        target = some_target(
            tmp_path,
            target={"name": "stand-in", "adapter": "rest", "mode": "transact"},
            canary={"branch": "TRN"},
            accounts=[some_account(tmp_path, f"check.{one.lower()}", "sales", one) for one in branches],
            business={**PLACE, **dict(business)},
            api={"url": standin.url, "branch_lists": [{"name": "the list", **declared}]},
            rest={**REST, "list_sales": {"path": "/sales", "answer": "items"}, **dict(rest)},
        )
        apis.append(Api(target))
        return BranchIsolation(target, Accounts(target)).records_shown_to_others(apis[-1])

    yield look
    for api in apis:
        api.close()


def own_alone(own, query):
    return rows_of(own)


def everything(own, query):
    return rows_of(*BRANCHES)


@pytest.mark.parametrize(
    "declared",
    [{}, {"written": as_csv, "branch": "[].branch"}, {"key": "items[].id"}],
    ids=["JSON", "CSV", "without a word of the branch"],
)
@pytest.mark.parametrize(("answer", "leaks"), [(own_alone, False), (everything, True)])
def test_a_list_that_shows_more_than_ones_own_is_a_leak(shown, declared, answer, leaks):
    found = shown(answer, **declared)
    assert bool(found.count) is leaks
    assert found.of == 3
    found.require_all_decided()


def test_the_finding_names_who_was_shown_what_of_whom(shown):
    found = shown(lambda own, _: rows_of(own, "OLD"))
    assert sorted((row["account"], row["how"], row["belongs to"]) for row in found.sample) == [
        ("check.har", "the list", "OLD"),
        ("check.trn", "the list", "OLD"),
    ]
    assert found.branches == ("HAR", "TRN")


@pytest.mark.parametrize(
    ("path", "obeys"),
    [
        ("/list?branch={branch}", lambda own, query: rows_of(query["branch"])),
        ("/list?q={number}", lambda own, query: [r for r in rows_of(*BRANCHES) if r["id"] == query["q"]]),
    ],
    ids=["a branch in the address", "the number of a sale"],
)
@pytest.mark.parametrize("declared", [{}, {"key": "items[].id"}], ids=["by branch", "by key"])
def test_another_branch_is_asked_for_outright(shown, path, obeys, declared):
    assert shown(obeys, path=path, **declared).count == 3
    quiet = shown(lambda own, query: [one for one in obeys(own, query) if one["branch"] == own], path=path, **declared)
    assert quiet.count == 0
    quiet.require_all_decided()


def test_a_record_of_several_branches_is_seen_by_each_of_them(shown):
    def shared(own, query):
        return [{"id": 1, "stores": [{"code": own}, {"code": "OLD"}]}, {"id": 2, "stores": [{"code": "HAR"}]}]

    found = shown(shared, branch="items[].stores[*].code")
    assert {row["account"] for row in found.sample} == {"check.old", "check.trn"}


def test_the_systems_words_for_branches_are_understood(shown):
    ids = {"HAR": 1, "OLD": 2, "TRN": 3}
    words = {"branches": {name: str(number) for name, number in ids.items()}}

    def by_id(own, query):
        assert int(query["branch"]) in ids.values()
        return [{"branch": ids[own]}, {"branch": 2}]

    found = shown(by_id, path="/list?branch={branch}", rest=words)
    assert {row["belongs to"] for row in found.sample} == {"OLD"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda own, query: None, r"the list \(answered 403\)"),
        (lambda own, query: [], r"the list \(answered 200\)"),
        (lambda own, query: [{"branch": "store of " + own}], r"the list \(answered 200\)"),
    ],
    ids=["refused", "empty", "in unknown words"],
)
def test_a_list_that_shows_nobody_anything_is_not_covered(shown, answer, reason):
    found = shown(answer)
    assert found.count == 0
    with pytest.raises(NotCovered, match=reason):
        found.require_all_decided()


@pytest.mark.parametrize("path", ["/list?branch={branch}", "/list?q={number}"])
def test_an_address_that_is_wrong_is_not_taken_for_a_wall(shown, path):
    with pytest.raises(NotCovered, match=r"the list \(answered 403\)"):
        shown(lambda own, query: None, path=path).require_all_decided()


def test_one_who_is_refused_is_no_leak_and_hides_none(shown):
    found = shown(lambda own, query: None if own == "HAR" else rows_of(*BRANCHES))
    assert {row["account"] for row in found.sample} == {"check.old", "check.trn"}


@pytest.mark.parametrize("path", ["/list", "/list?branch={branch}"])
def test_a_list_that_nobody_could_ask_for_is_not_covered(shown, path):
    with pytest.raises(NotCovered, match=r"the list \(nobody could ask\)"):
        shown(own_alone, branches=("TRN",), path=path).require_all_decided()


def test_where_all_may_see_all_nobody_is_asked(shown):
    with pytest.raises(NotCovered, match="may see each other"):
        shown(everything, business={"branches_see_each_other": True})


def test_without_a_list_nothing_is_covered(tmp_path, standin):
    target = some_target(tmp_path, api={"url": standin.url})
    with pytest.raises(NotCovered, match="No list is named"):
        BranchIsolation(target, Accounts(target)).records_shown_to_others(Api(target))


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({}, "needs either branch or key"),
        ({"branch": "a", "key": "b"}, "needs either branch or key"),
        ({"branch": "a", "path": "/list?q={name}"}, "unknown {name}; there are {branch}, {number}, {today}"),
        ({"branch": "items["}, "JMESPath"),
    ],
)
def test_a_list_that_cannot_tell_is_refused_when_it_is_read(declared, says):
    with pytest.raises(ValueError, match=says):
        BranchList.model_validate({"name": "the list", "path": "/list", **declared})
