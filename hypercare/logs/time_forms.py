"""The forms in which log lines write a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST"), 120),
    **dict.fromkeys(("EEST", "MSK", "TRT"), 180),
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "BST": 60,
    "IST": 330,
    "JST": 540,
    "KST": 540,
    "HKT": 480,
    "SGT": 480,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "BRT": -180,
    "ART": -180,
}
_ZONE = (
    r"(?:\s?\(?(?P<zone>Z\b|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?(?!\d)|(?:" + "|".join(sorted(ZONES, reverse=True)) + r")\b"
    r"|[A-Z][A-Za-z]{2,12}/[A-Z][A-Za-z_]{2,24}))?"
)
_CLOCK = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:](?P<fraction>\d{1,9}))?)?"
_HALF = r"(?:[\s\u00a0\u202f]?(?P<half>[AaPp]\.?[Mm]\b\.?))?"
_BETWEEN = r"(?:[T_]|[ \t]-[ \t]|[ \t,;|]{1,3}|:(?=\d\d:\d\d:)|-(?=\d\d[:.])| at |\. )"
_MONTH = r"(?P<month>{L}{3,10})"


@dataclass(frozen=True)
class TimeForm:
    """`text` is a regular expression whose groups are the parts of a time; {L} in it stands for a letter.

    `starts` says that such a time stands at the very start of a line or behind a bracket. `three_numbers` is a date of
    which a sample has to tell what is the day and what the month.
    """

    name: str
    text: str
    starts: bool = False
    three_numbers: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        before = r"(?:^|(?<=[\[(<\"'=:|]))" if self.starts else r"(?<![\d.])"
        return re.compile(before + self.text.replace("{L}", r"[^\W\d_]"))

    @cached_property
    def shape(self) -> bytes:
        """The same for bytes, without groups."""
        plain = re.sub(r"\(\?P<\w+>", "(?:", self.text.replace("{L}", r"[A-Za-z\x80-\xff]"))
        return plain.replace(r"\u00a0\u202f", r"\x80-\xff").encode("utf-8")


ISO = TimeForm(
    "year-month-day", r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)" + _BETWEEN + _CLOCK + _HALF + _ZONE
)
NAMED = TimeForm(
    "day month-name year",
    r"(?P<day>\d\d?)(?:[-/. ]|\. )"
    + _MONTH
    + r"(?:\.|\. |[-/ ])(?P<year>\d{4}|\d\d)"
    + _BETWEEN.replace("[T_]", "[:T_]")
    + _CLOCK
    + _HALF
    + _ZONE,
)
CTIME = TimeForm("month-name day time year", _MONTH + r"\.? +(?P<day>\d\d?) " + _CLOCK + _ZONE + r" (?P<year>\d{4})\b")
MONTH_FIRST = TimeForm(
    "month-name day, year", _MONTH + r"\.? +(?P<day>\d\d?),? +(?P<year>\d{4})" + _BETWEEN + _CLOCK + _HALF + _ZONE
)
SYSLOG = TimeForm(
    "month-name day without a year",
    _MONTH + r"\.? +(?P<day>\d\d?) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?\b",
)
THREE_NUMBERS = TimeForm(
    "three numbers",
    r"(?P<a>\d\d?)[-/.](?P<b>\d\d?)[-/.](?P<c>\d{4}|\d\d)(?!\d)" + _BETWEEN + _CLOCK + _HALF + _ZONE,
    three_numbers=True,
)
# As Finland, Denmark and Italy write clocks.
DOTTED = TimeForm(
    "three numbers and hour.minute.second",
    r"(?P<a>\d\d?)[-/.](?P<b>\d\d?)[-/.](?P<c>\d{4}|\d\d),? (?:klo |kl\. |ore )?"
    r"(?P<hour>\d\d?)\.(?P<minute>\d\d)\.(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?(?![\d.])" + _ZONE,
    three_numbers=True,
)
YEAR_NAMED = TimeForm(
    "year month-name day", r"(?P<year>\d{4})[- /]" + _MONTH + r"[- /](?P<day>\d\d?)" + _BETWEEN + _CLOCK + _HALF + _ZONE
)
COMPACT = TimeForm(
    "yyyymmdd",
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)[T_ .-](?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)"
    r"(?:[.,:](?P<fraction>\d{1,9}))?(?!\d)" + _ZONE,
)
SHORT = TimeForm(
    "yymmdd",
    r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d) {1,2}(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)",
    starts=True,
)
KLOG = TimeForm(
    "letter and mmdd without a year",
    r"[A-Z](?P<month>\d\d)(?P<day>\d\d) +(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?",
    starts=True,
)
NO_YEAR = TimeForm(
    "mm-dd without a year",
    r"(?P<month>\d\d)-(?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?",
    starts=True,
)
EAST_ASIAN = TimeForm(
    "year, month and day in Chinese or Japanese",
    r"(?P<year>\d{4})年\s?(?P<month>\d\d?)月\s?(?P<day>\d\d?)日\s*(?P<hour>\d\d?)(?::|时|時)(?P<minute>\d\d)(?::|分)(?P<second>\d\d)",
)
DB2 = TimeForm(
    "year-month-day-hour.minute.second",
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)-(?P<hour>\d\d)\.(?P<minute>\d\d)\.(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?(?P<minutes_east>[+-]\d{1,3})?",
)
EPOCH = TimeForm("seconds since 1970", r"(?P<epoch>\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})(?![\w.])", starts=True)

# In the order in which they are tried: a time with a year and a zone before one without.
ALL = (
    ISO, DB2, NAMED, CTIME, MONTH_FIRST, YEAR_NAMED, EAST_ASIAN, COMPACT, THREE_NUMBERS, DOTTED, SYSLOG, SHORT, KLOG,
    NO_YEAR, EPOCH,
)  # fmt: skip
ALWAYS = (ISO, NAMED, CTIME, SYSLOG)
