"""Logs as many programs write them, made by chance from a number: forms, encodings, line ends, crashes, huge lines."""

import json
import random
from datetime import timedelta

MESSAGES = (
    "sale {n} saved", "order {n} moved", "cannot print slip {n}", "payment {n} refused: wrong password",
    "disk full while saving {n}", "nothing of a level {n}", "user 'x{n}' logged in", "größe {n} geändert",
    "価格 {n} エラー", "shipment {n} ERROR in the middle",
)  # fmt: skip
LEVELS = ["INFO"] * 12 + ["DEBUG"] * 3 + ["WARNING", "ERROR", "ERROR", "CRITICAL", "FATAL", "NOTICE", "KABOOM"]
CRASH = '\nTraceback (most recent call last):\n  File "a.py", line 1\nValueError: bad {n}'


def _json(at, level, message, chance):
    line = {"at": at.isoformat(), "level": level, "message": message, "trace_id": f"t{chance.randrange(9)}"}
    match chance.randrange(60):
        case 0:
            del line["level"]
        case 1:
            line["about"] = {"level": chance.choice(LEVELS)}
        case 2:
            line = {"about": {"level": chance.choice(LEVELS)}, **line}
        case 3:
            line["message"] = {"level": chance.choice(LEVELS), "message": message}
        case 4:
            return f"no object at all: {message}"
        case 5:
            return json.dumps(line)[:30]
    return json.dumps(line, ensure_ascii=chance.random() < 0.5, separators=chance.choice([(", ", ": "), (",", ":")]))


def _numbered(at, level, message, chance):
    number = {"INFO": 30, "DEBUG": 20, "WARNING": 40, "ERROR": 50, "CRITICAL": 60, "FATAL": 60}.get(level, 30)
    line = {"time": round(at.timestamp() * 1000), "level": number, "msg": message, "pid": 1, "hostname": "erp"}
    return json.dumps(line)


FORMS = {
    "json": _json,
    "numbered": _numbered,
    "python": lambda at, level, message, chance: f"{at:%Y-%m-%d %H:%M:%S},123 {level} [erp.web] {message}",
    "brackets": lambda at, level, message, chance: (
        f"{at:%Y-%m-%d %H:%M:%S} {'x ' * chance.randrange(3)}[{level}] {message}"
    ),
    "keyed": lambda at, level, message, chance: f'time={at:%Y-%m-%dT%H:%M:%S}Z level={level.lower()} msg="{message}"',
    "syslog": lambda at, level, message, chance: (
        f"<{11 if level in ('ERROR', 'FATAL') else 14}>{at:%b %d %H:%M:%S} host shop: {level}: {message}"
    ),
    "postgresql": lambda at, level, message, chance: (
        f"{at:%Y-%m-%d %H:%M:%S}.123 UTC [7] erp@shop {'LOG' if level in ('INFO', 'DEBUG') else level}:  {message}"
    ),
    "letters": lambda at, level, message, chance: f"{level[0]}{at:%m%d %H:%M:%S}.123456 1 x.go:1] {message}",
    "only when loud": lambda at, level, message, chance: (
        f"{at:%Y-%m-%d %H:%M:%S} {'' if level in ('INFO', 'DEBUG') else level + ': '}{message}"
    ),
}


def settings_of(form):
    """What a target file says of such a log."""
    is_database = form == "postgresql"
    return {
        "format": "json" if form in ("json", "numbered") else "text",
        "holds": "database" if is_database else "application",
    }


def written(form, chance, number, start, end):
    """So many lines of a form, in order but for some seconds, some with what does not belong there."""
    for place in range(number):
        at = start + (end - start) * place / number + timedelta(seconds=chance.uniform(-3, 3))
        line = FORMS[form](at, chance.choice(LEVELS), chance.choice(MESSAGES).format(n=chance.randrange(10**6)), chance)
        if chance.random() < 0.004:
            line = line.replace("saved", "saved " + "z" * chance.randrange(70_000))
        more = {0: CRASH.format(n=place), 1: "\nERROR of nobody's line"}
        yield ("\x00" * 5 if chance.random() < 0.002 else "") + line + more.get(chance.randrange(200), "")


def encoded(lines, chance):
    """The lines as bytes, in an encoding and with line ends that chance chooses."""
    end = chance.choice(["\n", "\n", "\r\n"])
    encoding = chance.choice(["utf-8", "utf-8", "cp1252"])
    return [f"{line}{end}".encode(encoding, "replace") for line in lines]


def chance_of(number):
    return random.Random(number)
