"""Reading logs for the first time beside grep, and for the second time after some lines were added."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from benchmarks.accounting.processes import spent_by
from benchmarks.parts import Options
from benchmarks.parts.desk import BARE, PROJECT
from benchmarks.sales_generator.business import TIMEZONE, Business
from benchmarks.sales_generator.target_file import set_clock
from benchmarks.table.row import Row, paired
from benchmarks.table.shops import CACHE

NAME = "Logs"
WORDS = "emergency|emerg|alert|critical|crit|fatal|panic|severe|error|exception|traceback"
_DAYS, _ERROR_EACH, _ADDED = 7, 1031, 1000
_MESSAGES = (
    "request done GET /api/sales?limit=20 200 in 12 ms",
    "sale finalised in branch GAR by seller 17, receipt queued",
    "job receipt done, 1 of 1 attempts",
    "step stitch of order GAR-P-2026-000123 begun on the phone",
)
Line = Callable[[datetime, str, str], str]


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    versions.append(spent_by(["grep", "--version"]).output.splitlines()[0])
    size = f"{options.megabytes / 1024:.1f} GB"
    fixed = ["grep", "-F", "-c", '"level":"ERROR"']
    either = ["grep", "-i", "-E", "-c", WORDS]
    for words, line, command, said in (
        (f"{size} JSON log", json_line, fixed, "grep -F"),
        (f"{size} plain log", plain_line, either, "grep -iE of all words"),
    ):
        log = Log(words.split()[2].lower(), line, options.megabytes)
        yield from log.rows(words, command, said, options)


def json_line(at: datetime, level: str, message: str) -> str:
    return (
        f'{{"time":"{at.isoformat(timespec="milliseconds")}","level":"{level}","logger":"shop.sales",'
        f'"trace_id":"{at.microsecond:06x}{at.second:02x}9f","message":"{message}","duration_ms":12.4,"user":"har.sales.07"}}'
    )


def plain_line(at: datetime, level: str, message: str) -> str:
    return (
        f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d} {level:8} [shop.sales] har.sales.07 10.20.1.14 {message}"
    )


class Log:
    """A log of a week that stands at the business's now, and a target that has nothing else."""

    def __init__(self, name: str, line: Line, megabytes: int) -> None:
        self.folder = CACHE / "logs" / f"{name}-{megabytes}"
        self.file, self.line = self.folder / f"{name}.log", line
        self.now = Business(1).now
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        set_clock(self.folder, self.now)
        self._write(megabytes)
        (self.folder / "empty.log").write_text(self.line(self.now, "INFO", _MESSAGES[0]) + "\n", encoding="utf-8")
        for target, log in (("target.toml", self.file.name), ("empty.toml", "empty.log")):
            (self.folder / target).write_text(
                f'[target]\nname = "Logs {name}"\nmode = "observe"\n\n[business]\ntimezone = "{TIMEZONE}"\n'
                f'clock = "clock.json"\ngo_live = {self.now.date() - timedelta(days=90)}\n\n'
                f'[[logs]]\nname = "app"\npath = "{log}"\nholds = "application"\n',
                encoding="utf-8",
            )

    def rows(self, words: str, grep: list[str], said: str, options: Options) -> Iterator[Row]:
        pairs = paired(
            self._first_look,
            lambda: spent_by([*grep, self.file], environment=_C).cpu_s,
            options.pairs,
        )
        yield Row(
            f"{words}, first look",
            said,
            "≤ 3 x",
            pairs.figures(),
            pairs.ratio,
            pairs.spread,
            at_most=3.0,
            note=f"the check as a process, without what one with an empty log takes right after it; {_WHY_TWICE}",
        )
        first = self._round("target.toml")
        bare, again = self._next_rounds(options.pairs)
        yield Row(
            f"{words}, second look after {_ADDED} new lines",
            "the first look",
            "only what is new",
            f"{again - bare:.2f} s beside {first - bare:.2f} s",
            (again - bare) / max(0.01, first - bare),
            at_most=0.1,
            note=f"rounds, each without the {bare:.2f} s of one with an empty log; of the later ones medians",
        )

    def _next_rounds(self, pairs: int) -> tuple[float, float]:
        """What a round costs with an empty log, and with this one each time that it has some new lines."""
        bare, again = [], []
        for _ in range(pairs):
            self._add()
            bare.append(self._round("empty.toml"))
            again.append(self._round("target.toml"))
        return statistics.median(bare), statistics.median(again)

    def _first_look(self) -> float:
        # Both in turn, as a machine has slow minutes.
        return self._check("target.toml") - self._check("empty.toml")

    def _check(self, target: str) -> float:
        return self._spent("tests_health/test_logs.py::test_no_critical_error_since_the_last_round", target)

    def _round(self, target: str) -> float:
        return self._spent("--round=morning", target)

    def _spent(self, asked: str, target: str) -> float:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", asked]
        command += [f"--target={self.folder / target}", f"--reports={self.folder / target.removesuffix('.toml')}"]
        return spent_by(command, cwd=PROJECT, statuses=(0, 1)).cpu_s

    def _write(self, megabytes: int) -> None:
        step = timedelta(days=_DAYS) / (megabytes * 1024 * 1024 // len(self.line(self.now, "INFO", _MESSAGES[0])))
        at, number = self.now - timedelta(days=_DAYS), 0
        with self.file.open("w", encoding="utf-8") as file:
            while at < self.now - timedelta(seconds=5):
                block = []
                for _ in range(10_000):
                    number += 1
                    level = "INFO" if number % _ERROR_EACH else "ERROR"
                    message = _MESSAGES[number % 4] if level == "INFO" else f"payment {number} was refused by the bank"
                    block.append(self.line(at, level, message))
                    at += step
                    if at >= self.now - timedelta(seconds=5):
                        break
                file.write("\n".join(block) + "\n")

    def _add(self) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            for number in range(_ADDED):
                at = self.now - timedelta(seconds=4) + timedelta(milliseconds=3 * number)
                file.write(self.line(at, "INFO", _MESSAGES[number % 4]) + "\n")


_C = {"LC_ALL": "C", **BARE}
_WHY_TWICE = (
    "grep looks for one word; the check makes sure of each line that it states a level and no loud one, counts the"
    " lines and judges each error"
)
