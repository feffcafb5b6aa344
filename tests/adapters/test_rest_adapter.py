"""A system that is only declared is worked with in every verb, whatever shape its API has."""

from contextlib import ExitStack

import pytest

from hypercare.clients.client import SystemRefused
from hypercare.conformance import of_log_in, of_sales, of_undoing
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.loading import TargetFileProblem, load_target
from hypercare.trials.trials import sell, work
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.small_shop import PASSWORD, SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.trying import broken, ground_of, tried

pytestmark = pytest.mark.server

WHOLE = {"bearer": shop_targets.REST, "graphql": shop_targets.GRAPHQL}
LOG_INS = {
    "cookie": shop_targets.COOKIE,
    "form": shop_targets.FORM,
    "basic": shop_targets.BASIC,
    "key": shop_targets.KEY,
    "encoded": shop_targets.ENCODED,
    "errors in 200": shop_targets.ERRORS_IN_200,
    "one session per user": shop_targets.ONE_SESSION,
    "json-rpc": shop_targets.JSON_RPC,
}
MOST = (*of_log_in.PROMISES, *of_sales.PROMISES[:5], *of_undoing.PROMISES[:3], of_undoing.LAST)


class NoDatabase:
    def by_number(self, *_):
        raise NotCovered("No database is configured.")

    by_id = by_number


def standing(shop):
    return [order.status for order in shop.orders.values() if order.status != "CANCELLED"]


@pytest.mark.parametrize("shape", WHOLE)
def test_every_promise_holds(tmp_path, shape):
    shop = SmallShop()
    with served(ShopApi(shop).routes) as url:
        results = tried(shop_targets.write_target(tmp_path, url, WHOLE[shape]))
    assert broken(results) == {}
    assert sum(result.ending.value == "holds" for result in results.values()) >= 25
    assert not standing(shop)


@pytest.mark.long
@pytest.mark.parametrize("shape", LOG_INS)
def test_people_come_in_and_sell_however_they_log_in(tmp_path, shape):
    shop = SmallShop(one_session_per_user=shape == "one session per user")
    with served(ShopApi(shop, errors_in_200=shape == "errors in 200").routes) as url:
        results = tried(shop_targets.write_target(tmp_path, url, LOG_INS[shape]), MOST)
    assert broken(results) == {}
    assert results["what is created is read back to the cent"].ending.value == "holds"
    assert not standing(shop)


@pytest.mark.parametrize("shape", ["merges_lines", "only_chiefs_drop"])
def test_a_shop_may_merge_equal_lines_and_let_only_some_take_a_draft_back(tmp_path, shape):
    shop = SmallShop(**{shape: True})
    with served(ShopApi(shop).routes) as url:
        results = tried(shop_targets.write_target(tmp_path, url, shop_targets.REST), MOST)
    assert broken(results) == {}
    assert results["undoing a draft really undoes it"].ending.value == "holds"
    assert not standing(shop)


def of_the_whole_system(file, sessions):
    file.write_text(file.read_text().replace("[target]\n", f'[target]\nsessions = "{sessions}"\n', 1))
    return file


@pytest.mark.parametrize("said", ["of the API", "one-a-person", "one"])
def test_clients_of_one_user_share_the_only_session(tmp_path, said):
    shop = SmallShop(one_session_per_user=True)
    with served(ShopApi(shop).routes) as url, ExitStack() as stack:
        declared = shop_targets.ONE_SESSION if said == "of the API" else shop_targets.REST
        file = shop_targets.write_target(tmp_path, url, declared)
        ground = stack.enter_context(ground_of(file if said == "of the API" else of_the_whole_system(file, said)))
        seller = ground.seller
        with ground.client(seller) as first, ground.client(seller) as second:
            assert shop.log_ins == 1
            # Somebody logs in elsewhere, which ends the session: the clients come in again by themselves.
            shop.log_in(seller.username, "thread-and-needle")
            assert first.sales_listed() == []
            assert second.is_logged_in()
        assert shop.log_ins == 3
        assert not [one for one in shop.sessions.values() if one.login == seller.username]


def test_what_cannot_be_undone_is_not_tried_and_told_so(tmp_path):
    shop = SmallShop(can_cancel=False)
    with (
        served(ShopApi(shop).routes) as url,
        ground_of(shop_targets.write_target(tmp_path, url, shop_targets.ONLY_DRAFTS)) as ground,
    ):
        with (
            ground.client_for(Task.SELL) as client,
            ground.synthetic.sale(client) as trial,
            pytest.raises(NotCovered, match=r"a final sale cannot be undone \(a paid order is booked at once\)"),
        ):
            trial.finalise()
        trials = sell(ground.synthetic, (ground.way,), NoDatabase())
        assert trials.refused == [] and trials.disagreements == []
        with pytest.raises(NotCovered, match="cannot be undone"):
            trials.require_all_tried()
    assert not standing(shop)


def test_an_order_in_a_state_nobody_named_is_told(tmp_path):
    declared = shop_targets.REST.replace('draft = "OPEN", ', "")
    with (
        served(ShopApi(SmallShop()).routes) as url,
        ground_of(shop_targets.write_target(tmp_path, url, declared)) as ground,
        ground.client_for(Task.SELL) as client,
        pytest.raises(CheckFailed, match=r"state 'OPEN', which \[rest.sale.states\] does not name"),
        ground.synthetic.sale(client),
    ):
        pass


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('number = "no"', 'nmber = "no"', r"line \d+: unknown key 'rest.sale.nmber'; did you mean 'number'\?"),
        ('match = "label"', 'mtch = "label"', r"unknown key 'rest.lookup.client_id.mtch'; did you mean 'match'\?"),
        ("[rest.create_sale]", "[rest.create_sail]", r"unknown key 'rest.create_sail'; did you mean 'create_sale'\?"),
        ('"{client_id}"', '"{cleint_id}"', r"there is no value for {cleint_id}; did you mean {client_id}\?"),
        ('cents = "{total}"', 'cents = "{total:cent}"', r"not written as 'cent'; did you mean 'cents'\?"),
        ('total = "sum"', 'total = "$.sum"', r"'\$.sum' is not a JMESPath expression: .*; did you mean 'sum'\?"),
        ('total = "sum"', 'total = "to_numbr(sum)"', r"no function 'to_numbr'; did you mean 'to_number'\?"),
        ('kind = "bearer"', 'kind = "baerer"', r"line \d+: 'rest.log_in.kind': Input should be .*'bearer'"),
        ('draft = "OPEN"', 'darft = "OPEN"', r"'rest.sale.states.darft"),
        ('query = { page = "{page}" }\npages', "pages", r"never mentions {page}, so every page would be the first"),
    ],
)
def test_what_is_declared_wrongly_is_one_clear_line(tmp_path, right, wrong, says):
    from hypercare.target_file.loading import TargetFileProblem, load_target

    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", shop_targets.REST.replace(right, wrong, 1))
    with pytest.raises(TargetFileProblem, match=says) as problem:
        load_target(path)
    assert "line " in str(problem.value)


def test_somebody_whose_only_session_is_taken_at_once_comes_in_again(tmp_path):
    """Another log-in of the same user may come between a log-in and the question who one is."""
    shop = SmallShop(one_session_per_user=True)
    asked = shop.who

    def taken_once(token):
        shop.who = asked
        shop.log_in("clerk.tst", PASSWORD)
        return asked(token)

    with (
        served(ShopApi(shop).routes) as url,
        ground_of(shop_targets.write_target(tmp_path, url, shop_targets.ONE_SESSION)) as ground,
        ground.client() as client,
    ):
        shop.who = taken_once
        assert client.log_in(ground.seller).username == "clerk.tst"
        assert shop.log_ins == 3


def without(verb):
    start = shop_targets.REST.index(f"[rest.{verb}]")
    end = shop_targets.REST.find("\n[", start + 1)
    return shop_targets.REST[:start] + shop_targets.REST[end + 1 if end > 0 else len(shop_targets.REST) :]


@pytest.mark.parametrize("verb", ["finalise_sale", "list_sales", "read_order", "start_step", "finish_step"])
def test_a_single_missing_verb_is_seen_before_anything_is_tried(tmp_path, verb):
    """As under `hypercare doctor`, which only looks."""
    shop = SmallShop()
    with (
        served(ShopApi(shop).routes) as url,
        ground_of(shop_targets.write_target(tmp_path, url, without(verb))) as ground,
    ):
        ground.target.only_looks = True
        whole = sell if verb in {"finalise_sale", "list_sales"} else work
        with pytest.raises(NotCovered, match="The target file does not say how"):
            whole(ground.synthetic, (ground.way,), NoDatabase())
    assert not shop.orders


def test_an_api_of_one_address_is_asked_just_there(tmp_path):
    """GraphQL at /graphql is not /graphql/."""
    shop = SmallShop()
    declared = shop_targets.GRAPHQL.replace('money = "cents"', 'money = "cents"\ngraphql_path = ""', 1)
    with served(ShopApi(shop).routes) as url:
        path = shop_targets.write_target(tmp_path, f"{url}/graphql", declared)
        results = tried(path, of_sales.PROMISES[:1])
    assert broken(results) == {}


def test_a_name_that_is_not_where_it_is_looked_for_is_said_with_what_is_there(tmp_path):
    declared = shop_targets.REST.replace('username = "login"', 'username = "data.login"')
    with (
        served(ShopApi(SmallShop()).routes) as url,
        ground_of(shop_targets.write_target(tmp_path, url, declared)) as ground,
        ground.client() as client,
        pytest.raises(
            SystemRefused, match=r"nothing at \[rest.who\] username = 'data.login'; it has login, job, store"
        ),
    ):
        client.log_in(ground.seller)


def test_a_line_may_be_a_list_and_its_placeholders_are_looked_at(tmp_path):
    """As Odoo takes them: [0, 0, {...}]."""
    right = '[0, 0, { article = "{article_id}", qty = "{quantity}" }]'
    usual = '{ article = "{article_id}", qty = "{quantity}" }'
    assert usual in shop_targets.REST
    declared = shop_targets.REST.replace(usual, right)
    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", declared)
    assert load_target(path).rest.create_sale[0].line[2] == {"article": "{article_id}", "qty": "{quantity}"}
    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", declared.replace("{quantity}", "{quantty}"))
    with pytest.raises(TargetFileProblem, match=r"no value for {quantty}; did you mean {quantity}\?"):
        load_target(path)


def test_a_time_of_day_without_quotes_is_said_so(tmp_path):
    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", shop_targets.REST)
    path.write_text(path.read_text() + '\n[backups]\ndirectory = "/backups"\nat = [02:30]\n')
    with pytest.raises(TargetFileProblem, match=r'is not TOML: .*; a time of day is written in quotes: "02:30"'):
        load_target(path)
