"""A production order from its first step to its last."""

import pytest


@pytest.fixture
def worker(shop):
    return shop.api("check.har.production")


@pytest.fixture
def order(shop, worker):
    sale = shop.final(shop.api("check.har.sales"), "HAR", "studio")
    return worker.get(f"/production/orders/{sale['production_order_id']}").json()


def do(worker, order, place, action):
    return worker.post(f"/production/steps/{order['steps'][place]['id']}/{action}")


def test_a_studio_sale_opens_an_order_with_seven_waiting_steps_and_a_budget(shop, order):
    assert order["number"].startswith("HAR-P-2026-")
    assert [step["name"] for step in order["steps"]] == [
        "measure", "cut", "stitch", "embroider", "finish", "quality", "deliver",
    ]  # fmt: skip
    assert {step["state"] for step in order["steps"]} == {"waiting"}
    total = shop.value("SELECT total FROM sales WHERE id = ?", order["sale_id"])
    assert float(order["budget"]) == pytest.approx(total * 0.6, abs=0.006)


def test_a_retail_sale_opens_none(shop):
    assert shop.final(shop.api("check.har.sales"), "HAR")["production_order_id"] is None


def test_steps_go_in_their_sequence(worker, order):
    assert do(worker, order, 1, "start").status_code == 409
    assert do(worker, order, 0, "finish").status_code == 409
    assert do(worker, order, 0, "start").status_code == 200
    assert do(worker, order, 0, "start").status_code == 409
    assert do(worker, order, 1, "start").status_code == 409
    assert do(worker, order, 0, "finish").status_code == 200
    assert do(worker, order, 0, "finish").status_code == 409
    assert do(worker, order, 1, "start").status_code == 200


def test_progress_is_the_share_of_steps_done_and_the_last_one_completes_the_order(shop, worker, order):
    seen = []
    for place in range(7):
        do(worker, order, place, "start")
        shop.pass_time(minutes=1)
        do(worker, order, place, "finish")
        seen.append(worker.get(f"/production/orders/{order['id']}").json())
    assert [state["progress_percent"] for state in seen] == [14, 29, 43, 57, 71, 86, 100]
    assert [state["state"] for state in seen] == ["in_progress"] * 6 + ["done"]
    assert seen[-1]["completed_at"] == seen[-1]["steps"][-1]["finished_at"]
    assert seen[-2]["completed_at"] is None


def test_a_done_order_takes_no_more_work(shop, worker, order):
    for place in range(7):
        do(worker, order, place, "start")
        do(worker, order, place, "finish")
    assert do(worker, order, 6, "finish").status_code == 409


def test_a_cancelled_order_takes_no_more_work_and_no_costs(shop, worker, order):
    shop.api("check.har.manager").post(f"/sales/{order['sale_id']}/void", json={"reason": "Called off"})
    assert do(worker, order, 0, "start").status_code == 409
    cost = {"kind": "material", "amount": "1.00"}
    assert worker.post(f"/production/orders/{order['id']}/costs", json=cost).status_code == 409


def test_who_begins_a_step_that_is_nobodys_takes_it(worker, order):
    assert do(worker, order, 0, "start").json()["assigned_to"] == worker.get("/me").json()["id"]


def test_a_step_is_given_only_to_people_of_the_branchs_workshop(shop, worker, order):
    path = f"/production/steps/{order['steps'][0]['id']}/assign"
    ids = dict(shop.rows("SELECT username, id FROM users"))
    expected = {"check.har.production": 200, "check.old.production": 422, "check.har.sales": 422, "check.owner": 422}
    for username, status in expected.items():
        assert worker.post(path, json={"user_id": ids[username]}).status_code == status


def test_costs_are_added_up_beside_the_budget(worker, order):
    path = f"/production/orders/{order['id']}/costs"
    worker.post(path, json={"kind": "material", "amount": "10.50", "step_id": order["steps"][1]["id"]})
    worker.post(path, json={"kind": "labour", "amount": order["budget"]})
    found = worker.get(path).json()
    assert float(found["total"]) == pytest.approx(10.50 + float(order["budget"]))
    assert found["over_budget"] is True


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "-1"}, {"amount": "1.005"}, {"amount": "1e30"}, {"kind": "bribe"}]
)
def test_a_cost_that_makes_no_sense_is_refused(worker, order, wrong):
    given = {"kind": "material", "amount": "1.00"} | wrong
    assert worker.post(f"/production/orders/{order['id']}/costs", json=given).status_code == 422


def test_the_step_of_another_order_bears_no_cost_of_this_one(shop, worker, order):
    other = shop.value("SELECT min(id) FROM production_steps")
    given = {"kind": "material", "amount": "1.00", "step_id": other}
    assert worker.post(f"/production/orders/{order['id']}/costs", json=given).status_code == 422


def test_the_board_shows_every_active_order_once_under_its_current_step(shop, worker, order):
    do(worker, order, 0, "start")
    do(worker, order, 0, "finish")
    board = {
        column["step"]: [found["id"] for found in column["orders"]] for column in worker.get("/production/board").json()
    }
    assert order["id"] in board["cut"]
    shown = sorted(found for column in board.values() for found in column)
    query = "SELECT id FROM production_orders WHERE branch_id = ? AND state IN ('open', 'in_progress') ORDER BY id"
    assert shown == [row[0] for row in shop.rows(query, shop.branch_id("HAR"))]


def test_every_step_is_on_record(shop, worker, order):
    do(worker, order, 0, "start")
    do(worker, order, 0, "finish")
    query = "SELECT action FROM activity_log WHERE entity = 'production_step' AND entity_id = ? ORDER BY id"
    assert [row[0] for row in shop.rows(query, order["steps"][0]["id"])] == ["step.start", "step.finish"]


def test_the_counter_does_no_work_in_the_workshop_and_the_owner_only_looks(shop, order):
    assert do(shop.api("check.har.sales"), order, 0, "start").status_code == 403
    owner = shop.api("check.owner")
    assert do(owner, order, 0, "start").status_code == 403
    assert owner.get(f"/production/orders/{order['id']}").status_code == 200
