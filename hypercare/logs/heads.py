"""Where a record begins: at a line that starts with a time, or has one behind little else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from hypercare.logs.time_forms import TimeForm
from hypercare.target_file.sections.logs import LogSource

EVERY_LINE = re.compile(rb"")
_LATEST_START = 90
# A record starts with a brace or, behind little more than numbers, a level or other key=value, with a time. Zeros are
# what a crash of the machine leaves behind.
_USUAL = (
    rb"\{"
    rb"|[\[(<]?(?:(?:[\d.:-]{1,40} {1,5}|[A-Z]{3,9}:? {1,5}|[A-Z]{3,9}:|[\w.-]{1,40} {1,5}\| )[\[(<]?){0,4}"
    rb"\d{4}[-/]\d\d[-/]\d\d[T ][\d ]\d:\d\d"
    rb"|(?:[\w.@-]{1,30}=(?:\"[^\"\n]{0,60}\"|[^\s\"]{1,60}) {1,3}){0,5}[\w.@-]{1,30}=\"?\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    rb"|[^\n\[]{0,90}\[\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d"
    rb"|(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "
)
_BEFORE = rb"\x00*(?:\xef\xbb\xbf)?(?:\x1b\[[0-9;]{0,9}m)*"
HEAD = re.compile(_BEFORE + rb"(?:" + _USUAL + rb")")
_TOKEN = rb"(?:[^\s|,;]+[ \t|,;]+)"
_GLUE = rb"(?:<\d{1,3}>)?[^\s\d]{0,30}(?:\x1b\[[0-9;]{0,9}m)?"
# With which PostgreSQL goes on about the record above, under the same prefix, in the languages of lc_messages.
_PARTS = (
    "DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|BACKTRACE|TIPP|ANWEISUNG|ZUSAMMENHANG|ANFRAGE|DÉTAIL|ASTUCE|INSTRUCTION"
    "|CONTEXTE|REQUÊTE|DETALLE|SUGERENCIA|SENTENCIA|CONTEXTO|CONSULTA|DETTAGLI|DETTAGLIO|SUGGERIMENTO|ISTRUZIONE|CONTESTO"
    "|DETALHE|DICA|COMANDO|INSTRUÇÃO|ПОДРОБНОСТИ|ПОДСКАЗКА|ОПЕРАТОР|КОНТЕКСТ|ЗАПРОС|SZCZEGÓŁY|PODPOWIEDŹ|WYRAŻENIE"
    "|KONTEKST|ZAPYTANIE|AYRINTI|İPUCU|KOMUT|DURUM|İÇERİK|详细信息|描述|提示|语句|上下文|詳細|ヒント|文|コンテキスト"
    "|DETALJ|TIPS|SATS|상세정보|힌트|구문|ДЕТАЛІ|ПІДКАЗКА|ІНСТРУКЦІЯ"
)
CONTINUES = re.compile(rf"^[^\n]{{0,250}}?(?<!\w)(?:{_PARTS}):  ")


def head_of(source: LogSource, forms: Sequence[TimeForm], lines: Sequence[str], encoding: str) -> re.Pattern[bytes]:
    """Where a record of a log begins, by the forms of time seen in it and what stands before them."""
    if source.pattern and source.holds == "access":
        return EVERY_LINE
    if source.time_pattern:
        bare = source.time_pattern.removeprefix("^").encode(encoding, "replace")
        near = rb"" if source.time_pattern.startswith("^") else rb"[^\n]{0,300}?"
        return re.compile(_BEFORE + rb"(?:" + near + bare + rb")")
    heads = [_before(form, lines) + rb"(?:" + form.shape + rb")" for form in forms]
    whole = _BEFORE + rb"(?:" + rb"|".join([*heads, _USUAL]) + rb")"
    if source.holds != "database":
        return re.compile(whole)
    parts = rb"|".join(_encodable(_PARTS.split("|"), encoding))
    return re.compile(rb"(?![^\n]{0,250}?(?<![\w\x80-\xff])(?:" + parts + rb"):  )" + whole)


def _encodable(words: Sequence[str], encoding: str) -> Iterator[bytes]:
    for word in words:
        try:
            yield word.encode(encoding)
        except UnicodeEncodeError:
            continue


def _before(form: TimeForm, lines: Sequence[str]) -> bytes:
    """What stands before the times of a form, as so many words and a bracket or key."""
    counted: Counter[int] = Counter()
    for line in lines:
        match = form.pattern.search(line[: _LATEST_START + 40])
        if match and match.start() <= _LATEST_START and not line[:1].isspace():
            counted[len(re.findall(_TOKEN, line[: match.start()].encode("utf-8", "replace")))] += 1
    usual = sorted(number for number, count in counted.items() if count >= 0.05 * counted.total() and number <= 14)
    if not usual:
        return _GLUE
    words = rb"|".join(rb"(?:" + _TOKEN + rb"){" + str(number).encode() + rb"}" for number in usual)
    return rb"(?:" + words + rb")" + _GLUE
