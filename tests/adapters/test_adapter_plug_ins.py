"""Adapters that a package brings, and the conformance suite that finds out those that break their promises."""

import textwrap

import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.conformance import of_log_in, of_sales, of_undoing
from hypercare.target_file.known_adapters import UnknownAdapter, require_known
from hypercare.target_file.loading import TargetFileProblem, load_target
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.small_shop import SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.trying import broken, tried

ADAPTERS = """
from contextlib import suppress
from hypercare.adapters.rest.adapter import RestAdapter
from hypercare.adapters.rest.client import RestClient
from hypercare.clients.client import SystemRefused

class ForgetsToCleanUp(RestAdapter):
    name = "forgets"
    def api_client(self, api):
        class Client(RestClient):
            def undo_sale(self, key, reason):
                pass
            def close(self):
                pass
        return Client(api)

class SwallowsErrors(RestAdapter):
    name = "swallows"
    def api_client(self, api):
        class Client(RestClient):
            seen = None
            def create_sale(self, sale):
                with suppress(SystemRefused, Exception):
                    self.seen = super().create_sale(sale)
                return self.seen
            def finalise_sale(self, key, method="cash"):
                with suppress(SystemRefused):
                    return super().finalise_sale(key, method)
            def sales_listed(self, query=""):
                with suppress(SystemRefused):
                    return super().sales_listed(query)
                return []
        return Client(api)

class MixesBranches(RestAdapter):
    name = "mixes"
    first = None
    def api_client(self, api):
        class Client(RestClient):
            def log_in(self, account):
                who = super().log_in(account)
                # One session for all: whoever came first is whom everybody is.
                MixesBranches.first = MixesBranches.first or self._asking.session
                self._asking.session = MixesBranches.first
                return who
            def close(self):
                pass
        return Client(api)

class CannotStart:
    def __init__(self):
        raise RuntimeError("no licence")
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that brings adapters."""
    site = tmp_path / "site"
    info = site / "strange_adapters-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "strange_adapters.py").write_text(textwrap.dedent(ADAPTERS))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-adapters\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[hypercare.adapters]\n"
        "forgets = strange_adapters:ForgetsToCleanUp\n"
        "swallows = strange_adapters:SwallowsErrors\n"
        "mixes = strange_adapters:MixesBranches\n"
        "absent = strange_adapters:NotThere\n"
        "rest = strange_adapters:CannotStart\n"
    )
    monkeypatch.syspath_prepend(str(site))
    import strange_adapters

    strange_adapters.MixesBranches.first = None


def outcome(tmp_path, name, promises):
    declared = shop_targets.REST
    with served(ShopApi(SmallShop()).routes) as url:
        path = shop_targets.write_target(tmp_path, url, declared)
        path.write_text(path.read_text().replace('adapter = "rest"', f'adapter = "{name}"'))
        return broken(tried(path, promises))


@pytest.mark.server
def test_one_that_forgets_to_clean_up_is_found_out(tmp_path, package):
    found = outcome(tmp_path, "forgets", (*of_undoing.PROMISES[:2], of_log_in.PROMISES[5], of_undoing.LAST))
    assert "undo_sale() leaves a draft sale as it was" in found["undoing a draft really undoes it"]
    assert "undoing a final sale really undoes it" in found
    assert "close() leaves the session open" in found["a closed client leaves no session"]
    assert "still stand" in found["nothing is left of all this"]


@pytest.mark.server
def test_one_that_swallows_errors_is_found_out(tmp_path, package):
    found = outcome(tmp_path, "swallows", of_sales.PROMISES[5:])
    assert "swallowed" in found["what the system refuses is told, not swallowed"]


@pytest.mark.server
def test_one_that_mixes_two_branches_is_found_out(tmp_path, package):
    found = outcome(tmp_path, "mixes", (of_log_in.PROMISES[3], of_sales.PROMISES[3]))
    assert "stand in the same session" in found["two clients are two people"]
    assert "a record of branch TST" in found["a record of another branch is refused"]


@pytest.mark.long
@pytest.mark.server
def test_the_command_ends_with_status_1_and_a_line_for_each_promise(tmp_path, package):
    with served(ShopApi(SmallShop()).routes) as url:
        path = shop_targets.write_target(tmp_path, url, shop_targets.REST)
        arguments = ["adapter", "test", "--target", str(path), "--adapter", "swallows", "--reports", str(tmp_path)]
        ran = CliRunner().invoke(hypercare, arguments, standalone_mode=False)
    assert ran.return_value == 1, ran.output
    lines = ran.output.splitlines()
    assert all(line.startswith(("holds", "broken", "not covered")) for line in lines[:-1])
    assert lines[-1].endswith("promises") and "broken" in lines[-1]


def test_what_only_may_be_observed_is_not_tried(tmp_path):
    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", shop_targets.REST)
    path.write_text(path.read_text().replace('mode = "transact"', 'mode = "observe"'))
    ran = CliRunner().invoke(hypercare, ["adapter", "test", "--target", str(path)], standalone_mode=False)
    assert isinstance(ran.exception, TargetFileProblem)


def test_what_is_built_in_goes_first(package):
    from hypercare.adapters.rest.adapter import RestAdapter
    from hypercare.target_file.known_adapters import adapter_class

    assert adapter_class("rest") is RestAdapter


def test_an_unknown_name_lists_both(package):
    with pytest.raises(UnknownAdapter, match=r"did you mean 'forgets'.*built in: .*rest.*packages: absent, forgets"):
        require_known("forgits")


def test_a_package_that_cannot_be_loaded_is_one_line(tmp_path, package):
    path = shop_targets.write_target(tmp_path, "http://127.0.0.1:9", shop_targets.REST)
    with pytest.raises(TargetFileProblem, match=r"'absent' of strange-adapters .* cannot be loaded: AttributeError"):
        load_target(path, adapter="absent")
