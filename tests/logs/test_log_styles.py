"""Logs of many writers: their errors of today are found, each once, and yesterday's are not taken for them."""

import json

import pytest

from hypercare.logs import Logs
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target

ROWS = [
    (ago(hours=25), True, "the till drawer jammed alpha"),
    (ago(minutes=40), False, "opened the morning session"),
    (ago(minutes=30), True, "label printing broke beta"),
    (ago(minutes=20), True, "goods receipt broke gamma"),
    (ago(minutes=10), False, "closed the morning session"),
]
EXPECTED = ["beta", "gamma"]


def text(pattern, quiet="INFO", loud="ERROR"):
    """A style by a pattern of strftime's letters, of {level} and {says}."""
    return lambda at, bad, says: at.strftime(pattern).replace("{level}", loud if bad else quiet).replace("{says}", says)


def lines_of_json(**fields):
    def line(at, bad, says):
        row = {name: value(at, bad, says) if callable(value) else value for name, value in fields.items()}
        return json.dumps(row)

    return line


def iso(at, bad, says):
    return at.isoformat()


def said(at, bad, says):
    return says


def level(quiet, loud):
    return lambda at, bad, says: loud if bad else quiet


PLAIN = {
    "log4j": text("%Y-%m-%d %H:%M:%S,123 {level} [main] org.example.Shop - {says}"),
    "log4j, padded": text("%Y-%m-%d %H:%M:%S,123 [http-nio-8080-exec-1] {level} o.e.Shop - {says}", "INFO ", "ERROR"),
    "spring boot": text("%Y-%m-%dT%H:%M:%S.123Z {level} 12 --- [nio-8080-exec-1] o.e.Shop : {says}", " INFO"),
    "logback, time alone": text("%Y-%m-%d %H:%M:%S.123 [main] {level}  c.e.Shop - {says}"),
    "wildfly": text("%Y-%m-%d %H:%M:%S,123 {level}  [org.jboss.as] (MSC service thread 1-2) {says}"),
    "java's own on one line": text("[%Y-%m-%d %H:%M:%S] [{level}] {says}", "INFORMATION", "SCHWERWIEGEND"),
    "java's own on two lines": text("%b %d, %Y %I:%M:%S %p org.example.Shop start\n{level}: {says}", "INFO", "SEVERE"),
    "java's own in French": text("%d/%m/%Y %H:%M:%S {level} {says}", "INFOS", "GRAVE"),
    "weblogic": text("####<%b %d, %Y %I:%M:%S %p UTC> <{level}> <JDBC> <erp01> <{says}>", "Info", "Error"),
    "websphere": text("[%m/%d/%y %H:%M:%S:123 UTC] 00000a1b Shop          {level} {says}", "I", "E"),
    "python": text("%Y-%m-%d %H:%M:%S,123 - shop.orders - {level} - {says}"),
    "python, level first": text("{level}:shop.orders:%Y-%m-%d %H:%M:%S,123:{says}"),
    "python, level first and a space": text("{level} %Y-%m-%d %H:%M:%S,123 orders 12 {says}"),
    "odoo": text("%Y-%m-%d %H:%M:%S,123 4711 {level} erp odoo.addons.stock: {says}"),
    "loguru": text("%Y-%m-%d %H:%M:%S.123 | {level} | shop:post:12 - {says}", "SUCCESS"),
    "celery": text("[%Y-%m-%d %H:%M:%S,123: {level}/ForkPoolWorker-1] {says}"),
    "gunicorn": text("[%Y-%m-%d %H:%M:%S +0000] [12] [{level}] {says}"),
    "ruby": text("X, [%Y-%m-%dT%H:%M:%S.123456 #12] {level} -- : {says}", " INFO"),
    "rails with tags": text("X, [%Y-%m-%dT%H:%M:%S.123456 #12] {level} -- : [3f2a-11] {says}", " INFO", "FATAL"),
    "laravel": text("[%Y-%m-%d %H:%M:%S] production.{level}: {says} []"),
    "symfony": text('[%Y-%m-%dT%H:%M:%S.123456+00:00] app.{level}: {says} {"order":17} []'),
    "dolibarr": text("%Y-%m-%d %H:%M:%S {level} 10.0.0.5 {says}", "INFO   ", "ERR    "),
    "php": text(
        "[%d-%b-%Y %H:%M:%S Europe/London] PHP {level}:  {says} in /srv/x.php on line 3", "Notice", "Fatal error"
    ),
    "php-fpm": text("[%d-%b-%Y %H:%M:%S] {level}: [pool www] {says}", "NOTICE"),
    "serilog": text("%Y-%m-%d %H:%M:%S.123 +00:00 [{level}] {says}", "INF", "ERR"),
    "nlog": text("%Y-%m-%d %H:%M:%S.1234|{level}|Shop.Orders|{says}", "Info", "Error"),
    "log4net": text("%Y-%m-%d %H:%M:%S,123 [12] {level} Shop.Orders [(null)] - {says}", "INFO "),
    ".net's console with a time": text("%Y-%m-%d %H:%M:%S {level}: Shop.Orders[0]\n      {says}", "info", "fail"),
    "windows events": text("{level}\t%m/%d/%Y %I:%M:%S %p\tShop\t1000\tNone\t{says}", "Information", "Error"),
    "windows events in German": text("{level},%d.%m.%Y %H:%M:%S,Shop,1000,Keine,{says}", "Informationen", "Fehler"),
    "windows events in French": text("{level},%d/%m/%Y %H:%M:%S,Shop,1000,Aucun,{says}", "Information", "Erreur"),
    "windows events, a part a line": text(
        "Log Name:      Application\nDate:          %m/%d/%Y %I:%M:%S %p\nEvent ID:      1000\nLevel:         {level}"
        "\nDescription:\n{says}\n",
        "Information",
        "Error",
    ),
    "zap": text("%Y-%m-%dT%H:%M:%S.123Z\t{level}\tshop/orders.go:12\t{says}", "info", "error"),
    "logrus": text('time="%Y-%m-%dT%H:%M:%SZ" level={level} msg="{says}"', "info", "error"),
    "slog": text('time=%Y-%m-%dT%H:%M:%S.123Z level={level} msg="{says}" order=17'),
    "logrus on a terminal": text("{level}[%Y-%m-%dT%H:%M:%SZ] {says}", "INFO", "ERRO"),
    "klog": text("{level}%m%d %H:%M:%S.123456       1 shop.go:12] {says}", "I", "E"),
    "glog with a year": text("{level}%Y%m%d %H:%M:%S.123456 12 shop.cc:12] {says}", "I", "E"),
    "go's own": text("%Y/%m/%d %H:%M:%S [{level}] {says}"),
    "env_logger": text("[%Y-%m-%dT%H:%M:%SZ {level} shop::orders] {says}", "INFO "),
    "tracing": text("%Y-%m-%dT%H:%M:%S.123456Z {level} shop::orders: {says}", " INFO"),
    "elixir": text("%Y-%m-%d %H:%M:%S.123 [{level}] {says}", "info", "error"),
    "erlang": text("=%Y-%m-%d %H:%M:%S.123 {level}: {says}", "info", "error"),
    "rabbitmq": text("%Y-%m-%d %H:%M:%S.123456+00:00 [{level}] <0.12.0> {says}", "info", "error"),
    "nginx": text("%Y/%m/%d %H:%M:%S [{level}] 12#12: *17 {says}", "notice", "error"),
    "apache": text("[%a %b %d %H:%M:%S.123456 %Y] [core:{level}] [pid 1:tid 2] {says}", "notice", "error"),
    "apache before 2.4": text("[%a %b %d %H:%M:%S %Y] [{level}] [client 10.0.0.5] {says}", "notice", "error"),
    "traefik": text('time="%Y-%m-%dT%H:%M:%SZ" level={level} msg="{says}" entryPointName=web', "info", "error"),
    "caddy": text("%Y/%m/%d %H:%M:%S.123\t{level}\thttp\t{says}"),
    "haproxy by syslog": text("<{level}>%b %d %H:%M:%S lb haproxy[12]: {says}", "134", "131"),
    "envoy": text("[%Y-%m-%d %H:%M:%S.123][12][{level}][upstream] [source/x.cc:12] {says}", "info", "error"),
    "syslog of 5424": text("<{level}>1 %Y-%m-%dT%H:%M:%S.123Z erp01 shop 12 ID47 - {says}", "14", "11"),
    "syslog of 3164": text("%b %d %H:%M:%S erp01 shop[12]: {level}: {says}", "info", "error"),
    "container runtime": text("%Y-%m-%dT%H:%M:%S.123456789Z stderr F {level} shop: {says}"),
    "container runtime with JSON": text(
        '%Y-%m-%dT%H:%M:%S.1Z stdout F {"level":"{level}","msg":"{says}"}', "info", "error"
    ),
    "compose": text("shop-1  | %Y-%m-%d %H:%M:%S,123 {level} {says}"),
    "tomcat": text("%d-%b-%Y %H:%M:%S.123 {level} [main] org.example.Shop.start {says}", "INFO", "SEVERE"),
    "tomcat in German": text(
        "%d-%b-%Y %H:%M:%S.123 {level} [main] org.example.Shop {says}", "INFORMATION", "SCHWERWIEGEND"
    ),
    "spark": text("%y/%m/%d %H:%M:%S {level} shop.Orders: {says}"),
    "mongodb before 4.4": text("%Y-%m-%dT%H:%M:%S.123+0000 {level}  STORAGE  [conn12] {says}", "I", "E"),
    "redis": text("12:M %d %b %Y %H:%M:%S.123 # {level}: {says}", "Notice", "Error"),
    "android": text("%m-%d %H:%M:%S.123  1234  1234 {level} Shop: {says}", "I", "E"),
    "dutch dates": text("%d-%m-%Y %H:%M:%S {level} {says}"),
    "american dates": text("%m/%d/%Y %I:%M:%S %p {level} {says}"),
    "german dates of two figures": text("%d.%m.%y, %H:%M:%S {level} {says}"),
    "seconds since 1970": lambda at, bad, says: f"{at.timestamp():.3f} {'ERROR' if bad else 'INFO'} {says}",
    "milliseconds since 1970": lambda at, bad, says: f"[{round(at.timestamp() * 1000)}] [{'E' if bad else 'I'}] {says}",
    "compact": text("%Y%m%d-%H%M%S {level} {says}"),
    "compact with T": text("%Y%m%dT%H%M%SZ [{level}] {says}"),
    "labels": text("time:%Y-%m-%dT%H:%M:%SZ\tlevel:{level}\tmsg:{says}"),
    "chinese dates": text("%Y年%m月%d日 %H:%M:%S [{level}] {says}", "信息", "错误"),
    "in spanish": text("%Y-%m-%d %H:%M:%S [{level}] {says}", "INFORMACIÓN", "ERROR"),
    "in russian": text("%Y-%m-%d %H:%M:%S {level} {says}", "ИНФОРМАЦИЯ", "ОШИБКА"),
    "in italian, clock with dots": text("%d/%m/%Y %H.%M.%S {level} {says}", "INFORMAZIONI", "ERRORE"),
    "in finnish": text("%d.%m.%Y klo %H.%M.%S {level} {says}", "TIEDOT", "VIRHE"),
    "in hungarian": text("%Y.%m.%d. %H:%M:%S {level} {says}", "INFO", "HIBA"),
    "zope, with a rule between": text("------\n%Y-%m-%dT%H:%M:%S {level} shop {says}"),
    "log4j, a line of XML each": text(
        '<event time="%Y-%m-%dT%H:%M:%SZ" level="{level}"><message>{says}</message></event>'
    ),
    "log4j, XML on three lines": lambda at, bad, says: (
        f'<log4j:event logger="shop" timestamp="{at.timestamp() * 1000:.0f}" level="{"ERROR" if bad else "INFO"}">\n'
        f"<log4j:message><![CDATA[{says}]]></log4j:message>\n</log4j:event>"
    ),
    "in polish, months named": text("%d sty %Y %H:%M:%S [{level}] {says}", "INFORMACJA", "BŁĄD"),
}
NAMED = {
    "bunyan": lines_of_json(name="shop", hostname="erp", pid=12, level=level(30, 50), msg=said, time=iso, v=0),
    "pino": lines_of_json(
        level=level(30, 50), time=lambda at, *_: round(at.timestamp() * 1000), pid=1, hostname="erp", msg=said
    ),
    "winston": lines_of_json(level=level("info", "error"), message=said, timestamp=iso),
    "monolog": lines_of_json(message=said, level=level(200, 400), level_name=level("INFO", "ERROR"), datetime=iso),
    "monolog, numbers alone": lines_of_json(message=said, level=level(200, 400), channel="app", datetime=iso),
    "python's numbers": lines_of_json(message=said, levelno=level(20, 40), asctime=iso),
    "structlog": lines_of_json(event=said, level=level("info", "error"), timestamp=iso),
    "gelf": lines_of_json(
        version="1.1", host="erp", short_message=said, level=level(6, 3), timestamp=lambda at, *_: at.timestamp()
    ),
    "journald": lines_of_json(
        MESSAGE=said, PRIORITY=level("6", "3"), __REALTIME_TIMESTAMP=lambda at, *_: str(round(at.timestamp() * 1e6))
    ),
    "stackdriver": lines_of_json(severity=level("INFO", "ERROR"), message=said, time=iso),
    "elastic common schema": lines_of_json(**{"@timestamp": iso, "log.level": level("info", "error"), "message": said}),
    "elastic, nested": lines_of_json(
        **{"@timestamp": iso, "log": lambda at, bad, says: {"level": "error" if bad else "info"}, "message": said}
    ),
    "open telemetry": lines_of_json(Timestamp=iso, SeverityText=level("INFO", "ERROR"), SeverityNumber=9, Body=said),
    "open telemetry, numbers": lines_of_json(
        timeUnixNano=lambda at, *_: str(round(at.timestamp() * 1e9)), severityNumber=level(9, 17), body=said
    ),
    "serilog compact": lambda at, bad, says: json.dumps(
        {"@t": at.isoformat(), "@mt": says} | ({"@l": "Error"} if bad else {})
    ),
    "serilog": lines_of_json(Timestamp=iso, Level=level("Information", "Error"), MessageTemplate=said),
    ".net": lines_of_json(Timestamp=iso, LogLevel=level("Information", "Error"), Category="Shop", Message=said),
    "nlog": lines_of_json(time=iso, level=level("INFO", "ERROR"), message=said),
    "logstash": lines_of_json(
        **{"@timestamp": iso, "level": level("INFO", "ERROR"), "level_value": level(20000, 40000), "message": said}
    ),
    "log4j": lines_of_json(
        timeMillis=lambda at, *_: round(at.timestamp() * 1e3), timestamp=iso, level=level("INFO", "ERROR"), message=said
    ),
    "log4j's second": lines_of_json(
        instant=lambda at, *_: {"epochSecond": int(at.timestamp()), "nanoOfSecond": 5},
        level=level("INFO", "ERROR"),
        message=said,
    ),
    "mongodb": lines_of_json(t=lambda at, *_: {"$date": at.isoformat()}, s=level("I", "E"), c="STORAGE", msg=said),
    "postgresql": lines_of_json(
        timestamp=lambda at, *_: f"{at:%Y-%m-%d %H:%M:%S}.123 UTC", error_severity=level("LOG", "ERROR"), message=said
    ),
    "mysql": lines_of_json(time=iso, label=level("Note", "Error"), prio=level(3, 1), msg=said),
    "loguru": lines_of_json(
        record=lambda at, bad, says: {
            "level": {"name": "ERROR" if bad else "INFO", "no": 40 if bad else 20},
            "message": says,
            "time": {"timestamp": at.timestamp()},
        },
        text=said,
        at=iso,
    ),
    "docker, text within": lines_of_json(
        log=lambda at, bad, says: f"{'ERROR' if bad else 'INFO'} shop: {says}\n", stream="stdout", time=iso
    ),
    "docker, JSON within": lines_of_json(
        log=lambda at, bad, says: json.dumps({"level": "error" if bad else "info", "msg": says}) + "\n", time=iso
    ),
    "docker, key=value within": lines_of_json(
        log=lambda at, bad, says: f'level={"error" if bad else "info"} msg="{says}"\n', time=iso
    ),
    "names of its own for level and message": lines_of_json(
        eventTime=iso, kind=level("info", "error"), logMessage=said, host=lambda *_: "erp01"
    ),
    "short names": lines_of_json(ts=iso, sev=level("INFO", "ERROR"), info=said),
    "in german": lines_of_json(zeit=iso, time=iso, level=level("Information", "Fehler"), message=said),
}


def written(path, line, encoding="utf-8"):
    path.write_bytes("".join(line(*row) + "\n" for row in ROWS).encode(encoding))


def names(errors):
    return sorted(word for word in ("alpha", "beta", "gamma") for group in errors.groups if word in group.sample)


@pytest.mark.parametrize("name", PLAIN)
def test_errors_of_plain_lines_are_found(tmp_path, name):
    path = tmp_path / "app.log"
    written(path, PLAIN[name])
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, format="text"),))
    errors = Logs(target).errors(target.today)
    errors.require_understood()
    assert names(errors) == EXPECTED


@pytest.mark.parametrize("name", NAMED)
def test_errors_of_lines_that_name_their_fields_are_found(tmp_path, name):
    path = tmp_path / "app.log"
    written(path, NAMED[name])
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path),))
    errors = Logs(target).errors(target.today)
    errors.require_understood()
    assert names(errors) == EXPECTED
