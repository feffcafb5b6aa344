"""The words by which logs state a level, in the languages that loggers and database servers speak.

The one source for both: what a record's level is read from, and what the search for lines that may be errors looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from hypercare.log_levels.gravity import Gravity

# Trusted in capitals wherever they stand in the first part of a line.
_ANYWHERE = {
    Gravity.DEBUG: "TRACE DEBUG DBG",
    Gravity.INFO: "INFO INF NOTICE LOG",
    Gravity.WARNING: "WARN WARNING WRN",
    Gravity.ERROR: "ERR ERROR ERRO SEVERE",
    Gravity.CRITICAL: "CRIT CRITICAL FATAL FTL FATA PANIC DPANIC EMERG EMERGENCY ALERT",
}
# Trusted only where levels stand: behind a key, in brackets, before a colon, or always at the same place of a line.
_IN_PLACE = {
    Gravity.DEBUG: "TRC TRCE DBUG DEBU DEB VRB VERBOSE VERB FINE FINER FINEST ALL FEIN FEINER FEINSTEN ОТЛАДКА"
    " 调试 除錯 デバッグ DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 TRACE1 TRACE2 TRACE3",
    Gravity.INFO: "INFORMATION INFORMATIONAL INFORMATIONEN INFORMATIONS INFOS INFORMACIÓN INFORMACION INFORMAZIONI"
    " INFORMAÇÕES INFORMAÇÃO INFORMATIE INFORMASJON INFORMACJA INFORMACJE INFORMACE INFORMÁCIÓ TIEDOT BILGI BİLGİ"
    " ИНФОРМАЦИЯ СВЕДЕНИЯ ІНФОРМАЦІЯ ΠΛΗΡΟΦΟΡΙΑ ΠΛΗΡΟΦΟΡΙΕΣ 信息 資訊 情報 정보 NOTE NTC SUCCESS"
    " SYSTEM AUDIT CONFIG KONFIG STATUS START LOGG HINWEIS NOTIFICA NOTA NOT NOTIS UWAGA DZIENNIK ЗАМЕЧАНИЕ СООБЩЕНИЕ"
    " ПОВІДОМЛЕННЯ ЗАПИС ЗАПИСУВАННЯ 注意 日志 日誌 ログ 알림 로그 DEPRECATED STRICT OK",
    Gravity.WARNING: "WRNG WARNUNG AVERTISSEMENT ATTENTION ADVERTENCIA ADVERTÊNCIA ATTENZIONE AVVERTENZA AVVISO AVISO"
    " OSTRZEŻENIE UYARI VARNING VAROVÁNÍ WAARSCHUWING ADVARSEL VAROITUS AVERTISMENT FIGYELMEZTETÉS"
    " ПРЕДУПРЕЖДЕНИЕ ПОПЕРЕДЖЕННЯ ΠΡΟΕΙΔΟΠΟΙΗΣΗ 警告 경고",
    Gravity.ERROR: "FAIL FAILURE EROR FEHLER SCHWERWIEGEND ERREUR GRAVE ERRORE ERRO BŁĄD HATA FEL FEJL FEIL VIRHE FOUT"
    " CHYBA HIBA EROARE GREŠKA ALLVARLIG ALVORLIG ОШИБКА ПОМИЛКА ГРЕШКА ΣΦΑΛΜΑ 错误 錯誤 エラー 重大 严重 嚴重"
    " 오류 심각",
    Gravity.CRITICAL: "CRIT CRT EMG ALRT PNC PANI KRITISCH CRITIQUE CRÍTICO CRITICO KRYTYCZNY KRİTİK KRITIK KRITISK"
    " КРИТИЧЕСКИЙ КРИТИЧНО FATALE FATALT FATALNY FATAALI KATASTROFALNY ÖLÜMCÜL ВАЖНО ФАТАЛЬНО PANIK PANICO"
    " PÂNICO PANIKA PANIQUE ПАНИКА ПАНІКА 致命 致命错误 嚴重錯誤 致命的エラー 致命的 パニック 치명적 치명적오류 손상"
    " NOTFALL",
}
_LETTERS = {
    "V": Gravity.DEBUG,
    "T": Gravity.DEBUG,
    "D": Gravity.DEBUG,
    "I": Gravity.INFO,
    "N": Gravity.INFO,
    "A": Gravity.INFO,
    "W": Gravity.WARNING,
    "E": Gravity.ERROR,
    "F": Gravity.CRITICAL,
    "C": Gravity.CRITICAL,
}
# Which also are names of parts of a system: alone at a place they make it none of levels.
AMBIGUOUS = frozenset({
    "all", "attention", "audit", "config", "fail", "log", "logg", "not", "nota", "note", "ok", "start",
    "status", "strict", "success", "system",
})  # fmt: skip
# The severities that end one session of a database and no more, by whatever language says so.
ENDS_A_SESSION = frozenset({
    "fatal", "fatale", "fatalt", "fatalny", "katastrofalny", "ölümcül", "важно", "фатально", "致命错误", "嚴重錯誤",
    "致命的エラー", "치명적오류",
})  # fmt: skip
# What tells of a grave matter in lines that state no level, or one that is not known: any that `gravity_of` counts.
_GRAVE_SIGNS = (
    "traceback",
    "exception",
    "out of memory",
    "no space left",
    "segmentation fault",
    "malformed",
    "killed",
    "ora-",
    "outofmemory",
    "disk full",
    "disk is full",
    "disk quota exceeded",
    "enospc",
    "read-only file system",
    "erofs",
    "file is not a database",
    "core dumped",
    "data loss",
    "database loss",
    "corrupt",
    "invalid page in block",
    "could not fsync",
    "could not write to file",
    "too many open files",
    "too many clients",
    "too many connections",
    "sqlstate",
    "sqlite_",
)


def key_of(word: str) -> str:
    # The Turkish capital İ casefolds to two characters, of which the second is a mark of its own.
    return word.strip().casefold().replace("i̇", "i")


def _table(*tables: Mapping[Gravity, str]) -> dict[str, Gravity]:
    return {key_of(word): gravity for table in tables for gravity, words in table.items() for word in words.split()}


ANYWHERE = _table(_ANYWHERE)
IN_PLACE = {**_table(_IN_PLACE), **ANYWHERE}


class Vocabulary:
    """The level words that a log may use: those known, and its own as the target file names them."""

    def __init__(self, own: Mapping[str, Gravity] | None = None) -> None:
        self._own = {key_of(word): gravity for word, gravity in (own or {}).items()}

    @property
    def own(self) -> Mapping[str, Gravity]:
        return self._own

    def gravity(self, word: str) -> Gravity | None:
        """What a word says where levels stand; None where it is not known."""
        key = key_of(word)
        return self._own.get(key) or IN_PLACE.get(key)

    def gravity_of_letter(self, letter: str) -> Gravity | None:
        return self._own.get(key_of(letter)) or _LETTERS.get(letter.upper())

    def anywhere(self) -> Iterable[str]:
        return (*ANYWHERE, *self._own)

    def in_any_line(self) -> Iterable[str]:
        """What states a level in brackets or before a colon wherever that stands, and names nothing else."""
        return (*(word for word in IN_PLACE if word not in AMBIGUOUS), *self._own)

    def in_place(self) -> Iterable[str]:
        return (*IN_PLACE, *self._own)

    def signs(self, encoding: str) -> tuple[bytes, ...]:
        """Bytes of which a line that may be an error holds at least one once its ASCII letters are small."""
        loud = (*(word for word, gravity in self._own.items() if gravity >= Gravity.WARNING), *_loud())
        return _signs(tuple(dict.fromkeys(loud)), encoding)


@lru_cache(maxsize=1)
def _loud() -> tuple[str, ...]:
    return (*(word for word, gravity in IN_PLACE.items() if gravity >= Gravity.WARNING), *_GRAVE_SIGNS)


@lru_cache(maxsize=32)
def _signs(words: tuple[str, ...], encoding: str) -> tuple[bytes, ...]:
    forms: set[bytes] = set()
    for word in words:
        for written in {word, word.upper(), word.capitalize()}:
            try:
                forms.add(written.encode(encoding).lower())
            except (UnicodeEncodeError, LookupError):
                continue
    # A word that holds another sign is found by that one.
    return tuple(sorted(form for form in forms if not any(other != form and other in form for other in forms)))
