"""One text for all statements that differ in nothing but their values, which may be anybody's name."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*|^\s*#[^\n]*", re.DOTALL | re.MULTILINE)
_DOLLARS = re.compile(r"\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$", re.DOTALL)
_STRING = re.compile(r"\b[NEBX]?'(?:[^'\\]|''|\\.)*'", re.IGNORECASE | re.DOTALL)
_BARE_STRING = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
_IN_DOUBLE_QUOTES = re.compile(r'"(?:[^"\\]|""|\\.)*"', re.DOTALL)
_NUMBER = re.compile(r"(?<![\w$.\"`])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\d+|:\w+\b(?<!:)|%\(\w+\)s|%s|\?")
_CAST = re.compile(r"::")
_LIST = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_ROWS = re.compile(r"(?:\(\?(?:, \.\.\.)?\)\s*,\s*)+\(\?(?:, \.\.\.)?\)")
_OF_PEOPLE = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|REPLACE|CALL|EXEC(?:UTE)?)\b", re.IGNORECASE)
# mysqldump and its kin read each table by "SELECT /*!40001 SQL_NO_CACHE */ * FROM", which no application writes so.
_OF_A_BACKUP = re.compile(r"\s*SELECT\s+(?:/\*!\d*\s*)?SQL_NO_CACHE\b(?!.*\bWHERE\b)", re.IGNORECASE | re.DOTALL)
_CUT = re.compile(r"'[^']*\Z|\"[^\"]*\Z", re.DOTALL)
LONGEST = 300


def normalised(statement: str, *, double_quotes_are_strings: bool = False) -> str:
    """Without comments, values as `?`, lists of them as `(?, ...)`; one space where there is any. Not shortened."""
    text = _COMMENT.sub(" ", statement)
    text = _DOLLARS.sub("?", text)
    text = _BARE_STRING.sub("?", _STRING.sub("?", text))
    if double_quotes_are_strings:
        text = _IN_DOUBLE_QUOTES.sub("?", text)
    # What a log cut off amid a value is a value too.
    text = _CUT.sub("?", text) if text.count("'") % 2 or (double_quotes_are_strings and text.count('"') % 2) else text
    text = _CAST.sub("\0", text)
    text = _PLACEHOLDER.sub("?", text).replace("\0", "::")
    text = _NUMBER.sub("?", text)
    text = _ROWS.sub("(?, ...)", _LIST.sub("(?, ...)", text))
    return " ".join(text.split()).rstrip("; ")


def is_of_the_application(statement: str) -> bool:
    """Whether it reads or writes records; what backs up, cleans, begins and commits does not count."""
    return bool(_OF_PEOPLE.match(_COMMENT.sub(" ", statement))) and not _OF_A_BACKUP.match(statement)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
