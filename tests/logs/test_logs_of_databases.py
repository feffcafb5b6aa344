"""A database server's own log: its severities in any language, and our own statements that are no error of its."""

import json

import pytest

from hypercare.database.engine import APPLICATION, MARK
from hypercare.logs import Logs
from hypercare.target_file.config import DatabaseSection
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target

SEVERITIES = {
    "de": ("LOG", "FEHLER"), "fr": ("LOG", "ERREUR"), "es": ("LOG", "ERROR"), "it": ("LOG", "ERRORE"),
    "pt": ("LOG", "ERRO"), "ru": ("СООБЩЕНИЕ", "ОШИБКА"), "pl": ("DZIENNIK", "BŁĄD"), "tr": ("LOG", "HATA"),
    "zh": ("日志", "错误"), "ja": ("LOG", "エラー"), "ko": ("로그", "오류"), "sv": ("LOGG", "FEL"),
    "cs": ("LOG", "CHYBA"), "uk": ("ЗАПИС", "ПОМИЛКА"),
}  # fmt: skip
ROWS = [(25 * 60, "alpha"), (40, None), (30, "beta"), (20, "gamma"), (10, None)]
PREFIX = "%Y-%m-%d %H:%M:%S.123 UTC [12]"


def errors_of(tmp_path, content, *, encoding="utf-8", user=None, **settings):
    path = tmp_path / "postgresql.log"
    path.write_bytes(content.encode(encoding))
    source = LogSource(**{"name": "db", "path": path, "format": "text", "holds": "database", **settings})
    database = DatabaseSection(url=f"postgresql://{user}@localhost/erp") if user else None
    target = frozen_target(tmp_path, logs=(source,), database=database)
    errors = Logs(target).errors(target.today)
    errors.require_understood()
    return errors


def written(line, quiet, loud):
    return "".join(
        f"{ago(minutes=minutes).strftime(line)} {loud if which else quiet}:  relation {which} is gone\n"
        for minutes, which in ROWS
    )


def kinds(errors):
    return sorted(word for word in ("alpha", "beta", "gamma") for group in errors.groups if word in group.sample)


@pytest.mark.parametrize("language", SEVERITIES)
def test_errors_are_found_in_the_language_of_the_server(tmp_path, language):
    errors = errors_of(tmp_path, written(PREFIX, *SEVERITIES[language]))
    assert (kinds(errors), errors.critical().count) == (["beta", "gamma"], 0)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("ru", "cp1251"), ("ru", "koi8-r"), ("pl", "cp1250"), ("fr", "cp1252"), ("tr", "cp1254"), ("zh", "gb18030"),
     ("ja", "shift_jis"), ("ru", "utf-16")],
)  # fmt: skip
def test_errors_are_found_in_the_encoding_of_the_server(tmp_path, language, encoding):
    errors = errors_of(tmp_path, written(PREFIX, *SEVERITIES[language]), encoding=encoding)
    assert kinds(errors) == ["beta", "gamma"]


@pytest.mark.parametrize(
    ("severity", "says", "critical"),
    [
        ("FATAL", "Passwort-Authentifizierung für Benutzer »anna« fehlgeschlagen", 0),
        ("FATAL", "password authentication failed for user", 0),
        ("ВАЖНО", "пользователь не прошёл проверку подлинности", 0),
        ("FATAL", "sorry, too many clients already", 1),
        ("FATAL", "could not write to file: No space left on device", 1),
        ("ERROR", "cannot execute INSERT in a read-only transaction", 0),  # somebody at its prompt, for all it says
        ("FATAL", "tut mir leid, schon zu viele Verbindungen", 1),
        ("ВАЖНО", "извините, уже слишком много клиентов", 1),
        ("ОШИБКА", 'не удалось увеличить файл "base/5/16": На устройстве не осталось свободного места', 1),
        ("ERREUR", "n'a pas pu étendre le fichier « base/5/16 » : Aucun espace disponible sur le périphérique", 1),
        ("PANIK", "konnte Datei nicht synchronisieren", 1),
        ("ПАНИКА", "не удалось записать", 1),
    ],
)
def test_the_end_of_one_session_is_not_critical_in_any_language(tmp_path, severity, says, critical):
    content = written(PREFIX, "LOG", "ERROR") + f"{ago(minutes=5).strftime(PREFIX)} {severity}:  {says}\n"
    assert errors_of(tmp_path, content).critical().count == critical


def statement(prefix, text, loud="ERROR", word="STATEMENT"):
    at = ago(minutes=15).strftime(prefix)
    return f"{at} {loud}:  function min(uuid) does not exist at character 8\n{at} {word}:  {text}\n"


OURS = {
    "by our mark in the statement": (PREFIX, f"{MARK} SELECT min(id) FROM sale"),
    "by application": (f"{PREFIX} app={APPLICATION}", "SELECT min(id) FROM sale"),
    "by application in brackets": (f"{PREFIX} [{APPLICATION}]", "SELECT min(id) FROM sale"),
    "by user, where others have other names": (f"{PREFIX} watcher@erp", "SELECT min(id) FROM sale"),
    "by a named user": (f"{PREFIX} user=watcher,db=erp", "SELECT min(id) FROM sale"),
}


@pytest.mark.parametrize("name", OURS)
def test_what_the_suite_asked_in_vain_is_no_error_of_the_target(tmp_path, name):
    prefix, text = OURS[name]
    others = written(f"{PREFIX} user=erp,db=erp" if "user=" in prefix else f"{PREFIX} erp@erp", "LOG", "ERROR")
    errors = errors_of(tmp_path, others + statement(prefix, text), user="watcher")
    assert kinds(errors) == ["beta", "gamma"]
    assert errors.count == 2


@pytest.mark.parametrize(("language", "word"), [("de", "ANWEISUNG"), ("fr", "INSTRUCTION"), ("ru", "ОПЕРАТОР")])
def test_our_statement_is_known_below_an_error_of_any_language(tmp_path, language, word):
    quiet, loud = SEVERITIES[language]
    ours = statement(PREFIX, f"{MARK} SELECT min(id) FROM sale", loud, word)
    assert errors_of(tmp_path, written(PREFIX, quiet, loud) + ours).count == 2


def test_the_same_statement_of_the_application_is_an_error(tmp_path):
    theirs = statement(f"{PREFIX} erp@erp", "SELECT min(id) FROM sale WHERE note = 'hypercare'")
    assert errors_of(tmp_path, written(f"{PREFIX} erp@erp", "LOG", "ERROR") + theirs, user="erp").count == 3


def test_a_user_whom_the_application_shares_hides_no_error(tmp_path):
    content = written(f"{PREFIX} erp@erp", "LOG", "ERROR")
    assert kinds(errors_of(tmp_path, content, user="erp")) == ["beta", "gamma"]


def line_of_csv(minutes, severity, says, *, user="erp", application="web", text=""):
    at = f"{ago(minutes=minutes):%Y-%m-%d %H:%M:%S}"
    return (
        f'{at}.123 UTC,"{user}","erp",12,"10.0.0.1:5555",1,3,"SELECT",{at} UTC,3/12,0,{severity},42883,"{says}",,,,,,'
        f'"{text}",,,"{application}","client backend",,0\n'
    )


def test_columns_of_a_csv_log_tell_message_and_application(tmp_path):
    content = "".join(
        line_of_csv(minutes, "ERROR" if which else "LOG", f'relation ""{which}"" of the\nsecond line is gone {which}')
        for minutes, which in ROWS
    ) + line_of_csv(5, "ERROR", "function min(uuid) does not exist", application=APPLICATION)  # fmt: skip
    errors = errors_of(tmp_path, content)
    assert (kinds(errors), errors.count) == (["beta", "gamma"], 2)


def test_fields_of_a_json_log_tell_message_and_application(tmp_path):
    rows = [
        {"timestamp": f"{ago(minutes=minutes):%Y-%m-%d %H:%M:%S}.123 UTC", "user": "erp", "application_name": "web",
         "error_severity": "ERROR" if which else "LOG", "message": f"relation {which} is gone"}
        for minutes, which in ROWS
    ]  # fmt: skip
    ours = {**rows[2], "application_name": APPLICATION, "message": "function min(uuid) does not exist"}
    errors = errors_of(tmp_path, "".join(json.dumps(row) + "\n" for row in [*rows, ours]), format="json")
    assert (kinds(errors), errors.count) == (["beta", "gamma"], 2)


def test_an_sql_servers_error_is_told_with_its_words(tmp_path):
    def line(minutes, which):
        start = f"{ago(minutes=minutes):%Y-%m-%d %H:%M:%S.12} spid51      "
        says = f"{start}the database {which or 'erp'} was {'damaged' if which else 'started'} here.\r\n"
        return f"{start}Error: 823, Severity: 19, State: 2.\r\n{says}" if which else says

    routine = (
        f"{ago(minutes=12):%Y-%m-%d %H:%M:%S.12} Logon       Error: 18456, Severity: 14, State: 8.\r\n"
        f"{ago(minutes=12):%Y-%m-%d %H:%M:%S.12} Logon       Login failed for user 'anna'.\r\n"
    )
    errors = errors_of(tmp_path, "".join(line(*row) for row in ROWS) + routine, encoding="utf-16")
    assert (kinds(errors), errors.count) == (["beta", "gamma"], 2)


def test_an_oracle_alert_is_told_by_its_number(tmp_path):
    content = "".join(
        f"{ago(minutes=minutes):%Y-%m-%dT%H:%M:%S.123456+00:00}\n"
        + (f"ORA-01555: snapshot too old in {which}\n" if which else "Thread 1 advanced to log sequence 17\n")
        for minutes, which in ROWS
    )
    assert kinds(errors_of(tmp_path, content)) == ["beta", "gamma"]
