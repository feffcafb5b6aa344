"""What the round's questions cost the target's database: added up from the checks, and said in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from hypercare.outcome.database_load import DatabaseLoad
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.result import CheckResult
from hypercare.reports.summary import DatabaseUse
from hypercare.reports.words import counted

_DAY_S = timedelta(days=1).total_seconds()


def database_use_of(results: Iterable[CheckResult], besides: DatabaseLoad, limit_share: float) -> DatabaseUse | None:
    """The checks' loads and what was asked `besides` them; None where nothing was asked. `limit_share` is of a day."""
    loads = [(one.items[0] if one.items else "", DatabaseLoad.of(one.database_load)) for one in results]
    loads.append(("", besides))
    statements = sum(load.statements for _, load in loads)
    if not statements:
        return None
    seconds = sum(load.seconds for _, load in loads)
    item, slowest = max(loads, key=lambda one: one[1].slowest_s)
    return DatabaseUse(
        statements=statements,
        seconds=round(seconds, 3),
        day_percent=_percent_of_day(seconds),
        limit_percent=round(100 * limit_share, 4),
        slowest_s=round(slowest.slowest_s, 3),
        slowest_item=item,
        slowest=slowest.slowest,
        lock_wait_s=round(max(load.lock_wait_s for _, load in loads), 3),
        held_back=list(dict.fromkeys(words for _, load in loads for words in load.held_back)),
        read_from=next((load.copy for _, load in loads if load.copy), ""),
        behind_s=max((load.behind_s for _, load in loads if load.behind_s is not None), default=None),
    )


def use_of_the_day(uses: Sequence[DatabaseUse | None]) -> DatabaseUse | None:
    """That of all rounds of a day together; None where none of them asked a database."""
    asked = [use for use in uses if use is not None]
    if not asked:
        return None
    slowest = max(asked, key=lambda use: use.slowest_s)
    seconds = sum(use.seconds for use in asked)
    lags = [use.behind_s for use in asked if use.behind_s is not None]
    return slowest.model_copy(
        update={
            "statements": sum(use.statements for use in asked),
            "seconds": round(seconds, 3),
            "day_percent": _percent_of_day(seconds),
            "limit_percent": asked[-1].limit_percent,
            "day_so_far_s": max(use.day_so_far_s for use in asked),
            "lock_wait_s": max(use.lock_wait_s for use in asked),
            "held_back": list(dict.fromkeys(words for use in asked for words in use.held_back)),
            "read_from": asked[-1].read_from,
            "behind_s": max(lags, default=None),
        }
    )


def database_use_words(use: DatabaseUse) -> list[str]:
    """A sentence for the whole, then one for each question that was held back."""
    share = _percent(use.day_percent)
    limit = f"above its limit of {use.limit_percent:g} %" if use.is_above_limit else f"limit {use.limit_percent:g} %"
    whole = (
        f"The database was at work for {counted(use.statements, 'statement')} of ours for {_seconds(use.seconds)} at"
        f" most, {share} % of the day ({limit})."
    )
    if use.day_so_far_s > use.seconds:
        whole += f" With the rounds before it is {_percent(use.day_so_far_percent)} %."
    whole += f" The slowest took {_seconds(use.slowest_s)}{_about(use)}." if use.slowest_s else ""
    waited = f"was {_seconds(use.lock_wait_s)}" if use.lock_wait_s else "was none that could be seen"
    whole += f" The longest wait for a lock {waited}."
    return [whole, *_of_copy(use), *(f"Not asked: {words}" for words in use.held_back)]


def _of_copy(use: DatabaseUse) -> list[str]:
    if not use.read_from:
        return []
    behind = "; how far it was behind could not be told"
    if use.behind_s is not None:
        behind = f", which was {rounded_duration(timedelta(seconds=use.behind_s))} behind"
    return [f"Questions were asked of the copy at {use.read_from}{behind}."]


def _about(use: DatabaseUse) -> str:
    about = f", about {use.slowest}" if use.slowest else ""
    return f"{about} ({use.slowest_item})" if use.slowest_item else about


def _percent(percent: float) -> str:
    return "less than 0.01" if 0 < percent < 0.01 else f"{percent:.2f}"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _percent_of_day(seconds: float) -> float:
    return round(100 * seconds / _DAY_S, 4)
