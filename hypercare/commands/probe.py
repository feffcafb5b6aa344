"""`hypercare probe`: look at every way once or again and again, or take in what another prober saw."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from hypercare.commands.target import load_target, target_option
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.duration import parsed_duration
from hypercare.target_file.loading import check_secrets
from hypercare.target_file.target import Target, clock_of
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

if TYPE_CHECKING:
    from hypercare.history.store import History
    from hypercare.probing.prober import ProbedSample, Prober

_FAILED, _OUR_FAULT = 1, 3
_FORMATS = ("prometheus", "uptime-kuma", "csv")


class _Length(click.ParamType[timedelta]):
    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            length = parsed_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        assert isinstance(length, timedelta)
        if length <= timedelta(0):
            self.fail("it must be longer than nothing", param, ctx)
        return length


@click.command()
@target_option
@click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)
@click.option("--every", type=_Length(), metavar="60s", help="go on until stopped, a look each so often")
@click.option("--jsonl", is_flag=True, help="print every sample as a line of JSON")
@click.option("--import", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="take in a file")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="what the file is")
@click.option("--way", default="", help="import: the way that it is of (web, api, mobile, database)")
@click.option("--branch", default="", help="import: the branch that it is of")
@click.option("--only", default="", metavar="TEXT", help="import: only series whose name or address holds the text")
@click.option("--prober", default="", help="import: who looked (without it the name of the file)")
@click.option("--interval", type=_Length(), metavar="60s", help="import: how often it was looked, if the file misleads")
@click.option("--zone", help="import: the zone of times that name none (without it the business's own)")
def probe(
    target_file: Path, reports: Path, every: timedelta | None, jsonl: bool, file: Path | None, **import_options: Any
) -> int:
    """Look at the web app, the API, the mobile app and the database: cheaply, without a browser.

    Prints a line whenever a way changes its state. Exit status of a single look: 0 all ways answer, 1 one is down,
    3 our own side kept us from looking.
    """
    config = load_target(target_file)
    if file is not None:
        return _import(file, config, reports, **import_options)
    if any(import_options.values()):
        raise click.UsageError("--format, --way, --branch, --only, --prober, --interval and --zone go with --import")
    check_secrets(config)
    return _Probe(config, reports, every, as_json=jsonl).run()


class _Probe:
    """One run of the command."""

    def __init__(self, config: TargetConfig, reports: Path, every: timedelta | None, *, as_json: bool) -> None:
        from hypercare.history.opening import open_history
        from hypercare.probing.sample_intake import SampleIntake

        self._config = config
        self._every = every
        self._as_json = as_json
        self._stopping = threading.Event()
        self._before: dict[str, State] = {}
        self._warned: tuple[str, ...] = ()
        self._prober = prober_of(config, reports, every, self._stopping)
        self._history = open_history(config, reports)
        self._intake = SampleIntake(self._history, config, self._prober.every)

    def run(self) -> int:
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            return self._once() if self._every is None else self._again_and_again()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._warn(self._intake.close())
            self._history.close()

    def _stop(self, *_: object) -> None:
        self._stopping.set()

    def _once(self) -> int:
        at = clock_of(self._config)
        results = self._prober.probe_all(at)
        self._take(results, clock_of(self._config))
        states = [one.sample.state for one in results]
        if State.DOWN in states:
            return _FAILED
        return _OUR_FAULT if self._warned or State.UNKNOWN in states else 0

    def _again_and_again(self) -> int:
        from hypercare.probing.prober import watch

        watch(
            self._prober,
            self._take,
            lambda: clock_of(self._config),
            lambda line: self._warn([line]),
            self._stopping,
        )
        return 0

    def _take(self, results: Sequence[ProbedSample], now: datetime) -> None:
        for one in results:
            self._print(one.sample)
        self._warn(self._intake.take(results, now))

    def _print(self, sample: Sample) -> None:
        before, self._before[sample.way] = self._before.get(sample.way), sample.state
        if self._as_json:
            click.echo(json.dumps(_as_data(sample), ensure_ascii=False))
        elif before is not sample.state:
            click.echo(_line(sample, before, self._config.business.calendar.zone))

    def _warn(self, lines: Sequence[str]) -> None:
        """What went wrong on our own side, once for as long as it stays so."""
        for line in lines:
            if line not in self._warned:
                click.echo(f"hypercare: {line}", err=True)
        self._warned = tuple(lines)


def prober_of(config: TargetConfig, reports: Path, every: timedelta | None, stopping: threading.Event) -> Prober:
    """What looks at the ways of a target. Raises click.ClickException where it names none, or one that is wrong."""
    from hypercare.probing.prober import Prober
    from hypercare.probing.ways import probed_ways
    from hypercare.target_file.sections.uptime import ProbeSection

    section = config.probe or ProbeSection()
    state = reports / ".state" / config.key
    try:
        ways = probed_ways(Target(config, state, clock_of(config), only_looks=True), section)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if not ways:
        raise click.ClickException("the target file names no way in that could be probed: [web], [api], [mobile], ...")
    return Prober(ways, section, every=every, stopping=stopping)


def _line(sample: Sample, before: State | None, zone: ZoneInfo) -> str:
    took = f" after {sample.latency_ms:.0f} ms" if sample.latency_ms is not None and sample.state.is_up else ""
    was = f" (was {before})" if before is not None else ""
    says = f": {sample.says}" if sample.says else ""
    return f"{sample.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {sample.way} {sample.state}{took}{was}{says}"


def _as_data(sample: Sample) -> dict[str, Any]:
    return {
        "at": sample.at.isoformat(),
        "way": sample.way,
        "state": sample.state.value,
        "confirmed": sample.confirmed,
        "latency_ms": sample.latency_ms,
        "says": sample.says,
        "prober": sample.prober,
        "interval_s": sample.interval.total_seconds(),
    }


def _import(
    file: Path,
    config: TargetConfig,
    reports: Path,
    *,
    form: str | None,
    zone: str | None,
    prober: str,
    **import_options: Any,
) -> int:
    from hypercare.history.opening import open_history
    from hypercare.probing.imports.assigning import Assignment, samples_of
    from hypercare.probing.imports.sample import UnreadableFile
    from hypercare.uptime_history.samples import add_samples

    if form is None:
        raise click.UsageError(f"--import also needs --format, one of {', '.join(_FORMATS)}")
    try:
        samples_of_file = _read_samples(file, form, _zone(zone, config))
        samples = samples_of(samples_of_file, Assignment(prober or file.stem, **import_options), config)
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from None
    history = open_history(config, reports)
    try:
        new = add_samples(history, samples)
    finally:
        history.close()
    _tell_import(samples, new, config.business.calendar.zone, history)
    return 0


def _read_samples(file: Path, form: str, zone: ZoneInfo) -> Any:
    from hypercare.probing.imports.csv_file import read_csv
    from hypercare.probing.imports.prometheus import read_prometheus
    from hypercare.probing.imports.uptime_kuma import read_uptime_kuma

    if form == "csv":
        return read_csv(file, zone)
    return read_prometheus(file) if form == "prometheus" else read_uptime_kuma(file)


def _zone(name: str | None, config: TargetConfig) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else config.business.calendar.zone
    except (ZoneInfoNotFoundError, ValueError):
        raise click.UsageError(f"there is no time zone {name!r}") from None


def _tell_import(samples: Sequence[Sample], new: int, zone: ZoneInfo, history: History) -> None:
    already_known = len(samples) - new
    were_known = f", {already_known} were known already" if already_known else ""
    click.echo(f"{new} samples taken into {history.shown}{were_known}.")
    for way in sorted({sample.way for sample in samples}):
        members = [sample for sample in samples if sample.way == way]
        first, last = min(one.at for one in members), max(one.newest for one in members)
        down = sum(one.state is State.DOWN for one in members)
        click.echo(
            f"  {way}: {len(members)} from {first.astimezone(zone):%Y-%m-%d %H:%M} "
            f"to {last.astimezone(zone):%Y-%m-%d %H:%M}, {down} of them failures"
        )
