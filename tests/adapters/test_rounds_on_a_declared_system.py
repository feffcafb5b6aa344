"""The checks of the rounds, on a system that is only declared: its API in [rest], its pages in [web.flow]."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.shop_flows import flows
from tests.adapters.small_shop import SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.small_shop_pages import ShopPages

pytestmark = pytest.mark.server

PROJECT = Path(__file__).parents[2]
ITEMS = ("ops.sales", "ops.production-steps", "users.login", "health.api")


def looked_at(target, *items):
    """Exit status and what a session of pytest said."""
    options = [f"--item={item}" for item in items]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--no-header", *options]
    reports = ["--target", str(target), "--reports", str(target.parent / "reports")]
    ran = subprocess.run([*command, *reports], cwd=PROJECT, capture_output=True, text=True, timeout=600)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.long
def test_all_hold_on_a_healthy_system_and_nothing_is_left(tmp_path):
    shop = SmallShop()
    with served([*ShopApi(shop).routes, *ShopPages(shop).routes]) as url:
        target = shop_targets.write_target(tmp_path, url, shop_targets.REST, more=flows(url))
        status, said = looked_at(target, *ITEMS)
    assert status == 0, said
    passed = re.search(r"(\d+) passed", said)
    assert passed and int(passed[1]) >= 11, said
    assert not re.search(r"\d+ (failed|blocked|flaky|monitor)", said), said
    # A sale and the ground for a step through each of the two clients were made.
    assert len(shop.orders) >= 4
    assert {order.status for order in shop.orders.values()} == {"CANCELLED"}


@pytest.mark.long
def test_a_till_that_takes_no_money_is_told(tmp_path):
    shop = SmallShop()
    shop.settle = lambda *_: 1 / 0
    with served(ShopApi(shop).routes) as url:
        target = shop_targets.write_target(tmp_path, url, shop_targets.REST)
        status, said = looked_at(target, "ops.sales")
    assert status == 1, said
    assert "asked to finalise a sale and answered 500" in said
    assert not shop.orders, said
