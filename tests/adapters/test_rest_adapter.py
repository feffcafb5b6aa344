"""A system that is only declared is worked with in every verb, whatever shape its API has."""

import pytest
import shop_targets
from click.testing import CliRunner
from serving import served
from small_shop import SmallShop
from small_shop_api import ShopApi

from hypercare.commands.adapter import adapter

SHAPES = {
    "bearer": shop_targets.REST,
    "cookie": shop_targets.COOKIE,
    "form": shop_targets.FORM,
    "basic": shop_targets.BASIC,
    "errors in 200": shop_targets.ERRORS_IN_200,
    "one session per user": shop_targets.ONE_SESSION,
    "graphql": shop_targets.GRAPHQL,
    "json-rpc": shop_targets.JSON_RPC,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_promise_holds(tmp_path, shape):
    shop = SmallShop(one_session_per_user=shape == "one session per user")
    with served(ShopApi(shop, errors_in_200=shape == "errors in 200").routes) as url:
        path = shop_targets.write_target(tmp_path, url, SHAPES[shape])
        ran = CliRunner().invoke(
            adapter, ["test", "--target", str(path), "--reports", str(tmp_path)], standalone_mode=False
        )
    if ran.exception:
        raise ran.exception
    assert ran.return_value == 0, ran.output
    assert not [order for order in shop.orders.values() if order.status != "CANCELLED"], ran.output
