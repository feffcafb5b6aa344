"""How plain lines of servers and proxies tell of a request, and of how long it took."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from hypercare.target_file.request_pattern import UNITS

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|PROPFIND|REPORT|CONNECT|TRACE"
# Each with what its server calls it; the first that fits is taken.
_HAPROXY = re.compile(
    r"\] \S+ \S+ (?P<timers>-?\d+(?:/[-+]?\d+){4}) (?P<status>-?\d{1,3}) .*"
    rf'"(?P<method>{_METHODS}) (?P<path>[^\s"]+)'
)
_BALANCER = re.compile(
    r" (?P<parts>-?\d+(?:\.\d+)? -?\d+(?:\.\d+)? -?\d+(?:\.\d+)?) (?P<status>\d{3}) (?:\d{3}|-) \d+ \d+ "
    rf'"(?P<method>{_METHODS}) (?P<path>[^\s"]+)'
)
_ENVOY = re.compile(
    rf'"(?P<method>{_METHODS}) (?P<path>[^\s"]+)[^"]*" (?P<status>\d{{3}}) (?:-|[A-Z][A-Z0-9]{{1,5}}(?:,[A-Z0-9]+)*) '
    r'(?:\S+ \S+ "[^"]*" )?\d+ \d+ (?P<ms>\d+) (?:\d+|-) "'
)
_INGRESS = re.compile(
    rf'"(?P<method>{_METHODS}) (?P<path>[^\s"]+)[^"]*" (?P<status>\d{{3}}) \d+ "[^"]*" "[^"]*" \d+ '
    r"(?P<s>\d+\.\d+) \[[^\]]*\] \[[^\]]*\]"
)
_QUOTED = re.compile(
    rf'"(?P<method>{_METHODS}) (?P<path>[^\s"]+)[^"]*"[:,]? +(?:from \S+ - )?(?P<status>[1-5]\d\d)\b(?P<rest>.*)'
)
_SQUID = re.compile(rf"^\d+\.\d+ +(?P<ms>\d+) \S+ [A-Z_]+/(?P<status>\d{{3}}) \d+ (?P<method>{_METHODS}) (?P<path>\S+)")
_GIN = re.compile(
    r"\| +(?P<status>[1-5]\d\d) +\| +(?P<length>[\d.]+\s?(?:ns|[uµμ]s|ms|s)) +\|.*"
    rf'\|\s*(?P<method>{_METHODS}) +"?(?P<path>/[^\s"]*)'
)
_BARE = re.compile(
    rf"(?:^|[\s\]|])(?P<method>{_METHODS}) (?P<path>(?:/|https?://)\S*) (?:HTTP/[\d.]+ )?(?:- )?(?P<status>[1-5]\d\d)\b"
    r"(?P<rest>.*)"
)
_FORMS = (_HAPROXY, _BALANCER, _ENVOY, _INGRESS, _QUOTED, _SQUID, _GIN, _BARE)
LOOKS_LIKE_ONE = re.compile(rf'(?:^|["\s|])(?:{_METHODS}) +"?(?:/|https?://)\S*')

_NAMED = re.compile(
    r"(?:^|[\s\"'{,;\[(])(?P<name>[A-Za-z_]{1,30})[=:]\s?[\"']?(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>us|[µμ]s|ms|s)?"
    r"(?=[\"'\s,;})\]]|$)"
)
# What a request took in all; what its upstream took is told under other names.
_WHOLE = {
    name: number
    for number, name in enumerate(
        ("rt", "request_time", "requesttime", "reqtime", "req_time", "duration", "duration_ms", "duration_us", "took",
         "took_ms", "elapsed", "elapsed_ms", "rtime", "latency", "response_time", "responsetime", "resp_time",
         "time_taken", "timetaken", "total", "total_time", "time", "dur", "d", "t")
    )
}  # fmt: skip
_WITH_UNIT = re.compile(r"(?<![\w.])(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>ns|us|[µμ]s|ms|s)(?![\w/])")
_FACTORS = {**UNITS, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
_PART = re.compile(r'"[^"]*"|\S+')
_NUMBER = re.compile(r"\"?(\d+(?:\.\d+)?)\"?,?")
_THREAD = re.compile(r"[a-zA-Z][\w.-]*-\d+$|.*exec.*")


@dataclass(frozen=True)
class RequestLine:
    method: str
    path: str
    status: int
    duration: timedelta | None


def request_line(text: str, unit: str | None) -> RequestLine | None:
    """The request that a line tells of. `unit` is that of a bare number at its end, as the target file says."""
    for form in _FORMS:
        match = form.search(text)
        if match is not None:
            groups = match.groupdict()
            return RequestLine(
                groups["method"], groups["path"], int(groups["status"]), _took(groups, UNITS.get(unit or ""))
            )
    return None


def _took(groups: dict[str, str | None], unit: float | None) -> timedelta | None:
    if groups.get("timers"):
        last = int(str(groups["timers"]).rpartition("/")[2].lstrip("+"))
        return timedelta(milliseconds=last) if last >= 0 else None
    if groups.get("parts"):
        return timedelta(seconds=sum(max(0.0, float(part)) for part in str(groups["parts"]).split()))
    if groups.get("ms"):
        return timedelta(milliseconds=int(str(groups["ms"])))
    if groups.get("s"):
        return timedelta(seconds=float(str(groups["s"])))
    if groups.get("length"):
        return _with_unit(str(groups["length"]))
    return _in_the_rest(groups.get("rest") or "", unit)


def _in_the_rest(rest: str, unit: float | None) -> timedelta | None:
    """A duration behind the status: under a name, with its unit, or as a bare number."""
    named = [one for one in _NAMED.finditer(rest) if one["name"].lower() in _WHOLE]
    if named:
        return _named(min(named, key=lambda one: _WHOLE[one["name"].lower()]), unit)
    return _with_unit(rest) or _bare(_PART.findall(rest)[1:], unit)


def _named(match: re.Match[str], unit: float | None) -> timedelta | None:
    name, number = match["name"], match["number"]
    factor = _FACTORS.get(match["unit"] or "") or unit
    if factor is None:
        ending = name.rpartition("_")[2].lower()
        factor = 1e-6 if name == "D" else UNITS.get(ending) if "_" in name else None
    if factor is None and "." in number:
        factor = 1.0
    return timedelta(seconds=float(number) * factor) if factor is not None else None


def _with_unit(text: str) -> timedelta | None:
    found = list(_WITH_UNIT.finditer(re.sub(r'"[^"]*[^"\d.msuµ ][^"]*"', " ", text)))
    return timedelta(seconds=float(found[-1]["number"]) * _FACTORS[found[-1]["unit"]]) if found else None


def _bare(parts: list[str], unit: float | None) -> timedelta | None:
    """Behind the combined form nginx writes seconds with a point, Apache's %D whole microseconds.

    Of several with a point the longest is the whole request's. What a Java server writes before its thread's name may
    be milliseconds or microseconds.
    """
    numbers = [match[1] for part in parts if (match := _NUMBER.fullmatch(part))]
    if not numbers:
        return None
    if unit is not None:
        return timedelta(seconds=float(numbers[-1]) * unit)
    with_point = [float(number) for number in numbers if "." in number]
    if with_point:
        return timedelta(seconds=max(with_point))
    if _THREAD.fullmatch(parts[-1]) or not _NUMBER.fullmatch(parts[-1]):
        return None
    return timedelta(seconds=float(numbers[-1]) * 1e-6)
