"""A prober goes on: through a history that cannot be written, a clock that jumps, looks that take too long."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hypercare.history.opening import open_history
from hypercare.probing import prober as probing
from hypercare.probing.answer import Answer
from hypercare.probing.prober import ProbedSample, Prober
from hypercare.probing.sample_intake import SampleIntake
from hypercare.probing.ways import ProbedWay
from hypercare.target_file.loading import load_target
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import samples_for
from tests.probing.probed_business import NOON, Business
from tests.standins.http_standin import Standin

MINUTE = timedelta(minutes=1)


def seen(minute: int, state: State = State.UP) -> list[ProbedSample]:
    return [ProbedSample(Sample("web", "north", NOON + MINUTE * minute, state), "127.0.0.1:80")]


def test_samples_wait_while_the_history_cannot_be_written_and_none_is_lost(tmp_path: Path, standin: Standin) -> None:
    config = load_target(Business(tmp_path, standin).file)
    history = open_history(config, tmp_path / "reports")
    intake = SampleIntake(history, config, MINUTE)
    in_the_way = tmp_path / "reports"
    in_the_way.write_text("a file where a folder should be", encoding="utf-8")
    (first,) = intake.take(seen(0), NOON)
    (second,) = intake.take(seen(1), NOON + MINUTE)
    assert "1 samples wait" in first
    assert "2 samples wait" in second
    in_the_way.unlink()
    assert intake.take(seen(2), NOON + 2 * MINUTE) == []
    kept = samples_for(history, NOON, NOON + 3 * MINUTE)
    assert sorted(sample.at for sample in kept) == [NOON, NOON + MINUTE, NOON + 2 * MINUTE]
    history.close()


def test_a_fault_of_our_own_in_what_follows_is_told_and_the_sample_is_kept(
    tmp_path: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_target(Business(tmp_path, standin).file)
    history = open_history(config, tmp_path / "reports")
    monkeypatch.setattr("hypercare.probing.sample_intake.Notifier.deliver", lambda *_: 1 / 0)
    (line,) = SampleIntake(history, config, MINUTE).take(seen(0), NOON)
    assert line.startswith("what follows from a look failed: ZeroDivisionError")
    assert len(samples_for(history, NOON, NOON + MINUTE)) == 1
    history.close()


class Watched:
    """Looks every ten milliseconds until it has looked often enough."""

    def __init__(self, looks: int, ask=lambda: Answer(State.UP, 0.001)) -> None:
        self.stopping = threading.Event()
        self.section = ProbeSection.model_validate({"every": "10ms", "name": "north"})
        self.prober = Prober([ProbedWay("web", "shop:443", False, ask)], self.section, stopping=self.stopping)
        self.looks = looks
        self.taken: list[datetime] = []
        self.warnings: list[str] = []

    def run(self) -> None:
        instants = iter(NOON + MINUTE * number for number in range(100))
        probing.watch(self.prober, self._take, lambda: next(instants), self.warnings.append, self.stopping)

    def _take(self, some, now: datetime) -> None:
        self.taken.append(some[0].sample.at)
        if len(self.taken) == self.looks:
            self.stopping.set()


def test_it_looks_until_it_is_stopped() -> None:
    watched = Watched(3)
    watched.run()
    assert len(watched.taken) == 3
    assert watched.warnings == []


def test_a_clock_that_jumps_is_told_once_for_each_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    hour = timedelta(hours=1)
    apart = iter([timedelta(0), timedelta(0), timedelta(0), hour, hour, hour, hour])
    monkeypatch.setattr(probing, "_clock_difference", lambda: next(apart))
    watched = Watched(3)
    watched.run()
    assert watched.warnings == ["this machine's clock jumped by +3600 s; what lies between is not observed"]


def test_nothing_is_taken_in_of_a_look_that_was_stopped() -> None:
    watched = Watched(1)
    watched.prober.ways = [ProbedWay("web", "shop:443", False, lambda: watched.stopping.set() or Answer(State.UP))]
    watched.run()
    assert watched.taken == []
