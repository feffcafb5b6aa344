"""Load on the API: none unless it is switched on, bounded, and ended when it is too much."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from hypercare.api.api import Api
from hypercare.http.exchange import Exchange
from hypercare.outcome.signals import DryRunStop, NotCovered
from hypercare.performance.polite_load import LoadTrial, paced, polite_load
from hypercare.target_file.config import ApiSection, Endpoint
from tests.standins.fixtures import standin
from tests.standins.frozen_target import frozen_target

__all__ = ["standin"]


@dataclass
class Server:
    """Answers after so many seconds each, by a clock that only it and the pauses move."""

    seconds: float = 0.01
    status: int = 200
    worse_from: int = 10_000
    now: float = 0.0
    asked_at: list[float] = field(default_factory=list)

    def ask(self) -> Exchange:
        worse = len(self.asked_at) >= self.worse_from
        seconds, status = (self.seconds, self.status) if worse or self.worse_from == 10_000 else (0.01, 200)
        self.asked_at.append(self.now)
        self.now += seconds
        return Exchange("GET", "http://x/", status, seconds, {}, None, {}, "", None, False)

    def tried(self, rate: float, seconds: float) -> LoadTrial:
        trial = LoadTrial(timedelta(seconds=1.5))
        return paced(
            trial, self.ask, rate, timedelta(seconds=seconds), clock=lambda: self.now, sleep=self.slept
        )  # fmt: skip

    def slept(self, seconds: float) -> None:
        self.now += seconds


def test_no_more_is_asked_than_the_pace_says():
    server = Server()
    trial = server.tried(rate=5, seconds=4)
    assert (trial.sent, trial.ended_early) == (20, "")
    assert server.now <= 4.1


def test_a_slow_server_is_asked_less_and_nothing_is_made_up_for():
    server = Server(seconds=1.0)
    assert server.tried(rate=5, seconds=10).sent == 10


@pytest.mark.parametrize(
    ("worse", "sent", "says"),
    [
        ({"status": 503}, 6, "it answered 503"),
        ({"status": 429}, 6, "it answered 429"),
        ({"seconds": 2.0}, 8, "3 answers in a row were late"),
    ],
)
def test_it_ends_when_it_is_too_much(worse, sent, says):
    trial = Server(worse_from=5, **worse).tried(rate=10, seconds=60)
    assert (trial.sent, trial.ended_early) == (sent, says)


@pytest.mark.parametrize("more", [{}, {"endpoints": (Endpoint(name="orders", path="/orders", as_role="manager"),)}])
def test_without_being_switched_on_and_an_open_endpoint_nothing_is_asked(tmp_path, more):
    rate = 5 if more else 0
    target = frozen_target(tmp_path, api=ApiSection(url="http://127.0.0.1:9/", load_rate=rate, **more))
    with pytest.raises(NotCovered):
        polite_load(Api(target))


def test_under_the_doctor_no_load_is_put_on(tmp_path):
    endpoint = Endpoint(name="health", path="/health")
    target = frozen_target(tmp_path, api=ApiSection(url="http://127.0.0.1:9/", load_rate=5, endpoints=(endpoint,)))
    target.only_looks = True
    with pytest.raises(DryRunStop):
        polite_load(Api(target))


@pytest.mark.parametrize("settings", [{"load_rate": 21}, {"load_for": "61s"}, {"load_rate": -1}])
def test_more_than_is_polite_is_refused(settings):
    with pytest.raises(ValueError, match=r"less than|greater than"):
        ApiSection(url="http://x/", **settings)


@pytest.mark.parametrize(("status", "says"), [(429, "rate limit"), (503, "")])
def test_a_rate_limit_is_no_lack_of_headroom(tmp_path, standin, status, says):
    standin.json("/health", {}, status=status)
    endpoint = Endpoint(name="health", path="/health")
    target = frozen_target(tmp_path, api=ApiSection(url=standin.url, load_rate=20, endpoints=(endpoint,)))
    if says:
        with pytest.raises(NotCovered, match=says):
            polite_load(Api(target))
    else:
        assert polite_load(Api(target)).ended_early == f"it answered {status}"
