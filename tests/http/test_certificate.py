"""Certificates made here, shown by a server of ours: how long they hold, and what is said when they do not."""

import base64
import hashlib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.gateway.certificate import AUTHORITY, Shown, serving
from hypercare.api.api import Api
from hypercare.browser.certificate_key import key_of
from hypercare.browser.local_certificate_keys import keys_only_known_here
from hypercare.http.certificate import Certificate, require_certificate_holds, trusting
from hypercare.outcome.level import Level
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from tests.standins.some_target import some_target

pytestmark = pytest.mark.server

TIMEOUT = timedelta(seconds=3)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LONG = timedelta(days=90)
OF_RSA = (
    "MIIBoDCCAQkCFCroGiWYKQ1uoKJiCw1c9qfC4xOWMA0GCSqGSIb3DQEBCwUAMA8xDTALBgNVBAMMBHNob3AwHhcNMjYxMTMwMDky"
    "NDU4WhcNMzYxMTI3MDkyNDU4WjAPMQ0wCwYDVQQDDARzaG9wMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDVUwVjqABRNxrp"
    "za0wkS0pshl/iTX2sMeaddNdMvGRJMwIRIn24SSd5JKTuxN9Qn/uAQ3rYT0demKptp4kagZLzQaRXSf56hSGjm3thypP8JCyZ+Wc"
    "jc5rJeYaLAVNojVJwLtZMr7eeBTd4N7KSrXZnyHlqHo6nyK+I18/v2vh1QIDAQABMA0GCSqGSIb3DQEBCwUAA4GBADm0aqbkhp1W"
    "VMsGu0+U8QosjL2vEsgCipMiokIkPe6Oy4Q/Wy0ez3IYEq5J/vTPiyWyU2FjnMmRNX2XMLv14Qf7UNF2iAjjHHU5/CvM4s332Jqh"
    "lVHp86uNRp9yuKDAtkajJS4+U18A+8toNGLTZaZqFmJ57sa5NLNRvZHjMp+B"
)
OF_EC = (
    "MIIBdDCCARmgAwIBAgIUFsSht2jJ3lulXxv6H3t3/flSmJwwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEc2hvcDAeFw0yNjExMzAw"
    "OTI0NThaFw0zNjExMjcwOTI0NThaMA8xDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASLHW2QfXpGP8KO"
    "QGzaCzPgEumdmEtyNXbbT8gXRrPR5xpQV+bWx5kvodfvg1SJZz+QjB8Yh3JKssX+0/y0WX2ro1MwUTAdBgNVHQ4EFgQUnsLmK2g/"
    "ZkaeLsXCjeIPIQZbidUwHwYDVR0jBBgwFoAUnsLmK2g/ZkaeLsXCjeIPIQZbidUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD"
    "AgNJADBGAiEA7skRBjEl6/lkgoWYm3H+0yxQkDjbgv2hQsJpixG1BYgCIQDKdeamu09if44HiKD2v8/eSNZZYr/G4+H6sBDyYHTv"
    "UQ=="
)


@pytest.fixture
def serve(tmp_path):
    """Shake hands with whoever comes, under the certificate given; its address."""
    listening = []

    def start(shown):
        context = serving(shown, tmp_path)
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def answer():
            with suppress(OSError):
                while True:
                    plain, _ = server.accept()
                    with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as encrypted:
                        encrypted.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        return f"https://127.0.0.1:{server.getsockname()[1]}/"

    yield start
    for server in listening:
        server.close()


@pytest.fixture
def known(tmp_path, monkeypatch):
    """The authority is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / AUTHORITY))


def test_a_certificate_that_holds_long_enough_is_no_trouble(known, serve):
    url = serve(Shown(timedelta(days=20)))
    require_certificate_holds("web", url, TIMEOUT)


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (timedelta(days=9, hours=1), Level.L2, "ends in 9 days"),
        (timedelta(days=1), Level.L3, "ends in 23 hours"),
        (-timedelta(days=1), Level.L3, "certificate has expired"),
    ],
)
def test_one_that_ends_soon_is_told_by_how_soon(known, serve, left, level, words):
    url = serve(Shown(left))
    with pytest.raises(CheckFailed, match=words) as told:
        require_certificate_holds("web", url, TIMEOUT)
    assert told.value.finding.level is level
    assert told.value.finding.cause == f"certificate-{url.removeprefix('https://').rstrip('/')}"


def test_one_for_another_name_is_told(known, serve):
    url = serve(Shown(LONG, address="10.20.1.5"))
    with pytest.raises(CheckFailed, match="does not hold") as told:
        require_certificate_holds("api", url, TIMEOUT)
    assert told.value.finding.level is Level.L3


def test_one_from_nobody_known_is_told_with_the_way_out(serve):
    url = serve(Shown(LONG))
    with pytest.raises(CheckFailed, match="does not hold") as told:
        require_certificate_holds("mobile", url, TIMEOUT)
    assert told.value.finding.level is Level.L2
    assert "SSL_CERT_FILE" in told.value.finding.next_step


def test_a_resource_looks_at_its_own_address(known, serve, tmp_path):
    url = serve(Shown(timedelta(days=5, hours=1)))
    with pytest.raises(CheckFailed, match="The API stands behind a certificate that ends in 5 days"):
        Api(some_target(tmp_path, api={"url": url})).require_certificate_holds()


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (timedelta(days=14), None),
        (timedelta(days=14) - timedelta(seconds=1), Level.L2),
        (timedelta(days=2), Level.L2),
        (timedelta(days=2) - timedelta(seconds=1), Level.L3),
    ],
)
def test_the_level_follows_what_is_left(left, level):
    assert Certificate("shop:443", NOW + left).level(NOW) is level


def test_an_address_that_is_not_encrypted_has_none(standin):
    require_certificate_holds("web", standin.url, TIMEOUT)
    assert not standin.seen


@pytest.mark.server
def test_where_nothing_listens_the_way_is_down():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ChannelDown, match="nothing listens there") as down:
        require_certificate_holds("web", f"https://127.0.0.1:{port}", TIMEOUT)
    assert down.value.way == "web"


def test_a_client_that_is_kept_away_by_it_says_why(known, serve, tmp_path):
    url = serve(Shown(-timedelta(days=1)))
    api = Api(some_target(tmp_path, api={"url": url}))
    with pytest.raises(ChannelDown, match="cannot be reached: its certificate does not hold: certificate has expired"):
        api.send("GET", "health", timeout=TIMEOUT)
    api.close()


def test_a_client_trusts_whom_this_machine_trusts(known, serve, tmp_path):
    url = serve(Shown(LONG))
    api = Api(some_target(tmp_path, api={"url": url}))
    # The server shakes hands, reads a byte and hangs up: it was reached.
    with pytest.raises(ChannelDown) as down:
        api.send("GET", "health", timeout=TIMEOUT)
    assert "certificate" not in down.value.finding.sentence
    api.close()


def test_a_browser_is_told_of_a_key_that_only_this_machine_knows(known, serve, tmp_path):
    url = serve(Shown(LONG))
    ways = {"web": {"url": url}, "api": {"url": f"{url}api"}}
    shown = key_of(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", urlsplit(url).port))))
    assert keys_only_known_here(some_target(tmp_path, **ways).config) == [
        base64.b64encode(hashlib.sha256(shown).digest()).decode()
    ]


@pytest.mark.parametrize(
    ("certificate", "digest"),
    [(OF_RSA, "ar0tqiDYq6sOK0Jfj9veMUi1vwKhDajA7WMQ249P97M="), (OF_EC, "uXUWIUxMWJA0YVZGgALdePg12fnp2HeTCxMt0aBV2d8=")],
    ids=["rsa, as version 1", "elliptic curve, as version 3"],
)
def test_the_key_is_told_as_openssl_tells_it(certificate, digest):
    """`openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64`"""
    assert base64.b64encode(hashlib.sha256(key_of(base64.b64decode(certificate))).digest()).decode() == digest


@pytest.mark.parametrize("certificate", [OF_RSA, OF_EC])
def test_of_what_is_no_whole_certificate_no_key_is_told(certificate):
    whole = base64.b64decode(certificate)
    assert all(key_of(whole[:length]) is None for length in range(len(whole)))
    assert key_of(whole + whole) is None


@pytest.mark.parametrize(
    "told", [b"0", b"0\x00", b"0\x02\x05\x00", b"0\x80", b"0\x85\xff\xff\xff\xff\xff", b"\x02\x01\x05"]
)
def test_of_other_data_no_key_is_told(told):
    assert key_of(told) is None


@pytest.mark.long
@given(st.binary(max_size=80))
def test_of_whatever_is_told_it_is_a_key_or_none(told):
    assert key_of(told) is None or isinstance(key_of(told), bytes)


def test_a_browser_is_told_nothing_of_a_certificate_that_does_not_hold(serve, tmp_path):
    url = serve(Shown(LONG))
    assert keys_only_known_here(some_target(tmp_path, web={"url": url}).config) == []


def test_a_browser_is_told_nothing_where_nothing_is_encrypted(standin, tmp_path):
    assert keys_only_known_here(some_target(tmp_path, web={"url": standin.url}).config) == []


def test_no_more_is_asked_of_an_authority_than_browsers_ask(monkeypatch):
    strict = ssl.create_default_context()
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    monkeypatch.setattr(ssl, "create_default_context", lambda: strict)
    assert not trusting().verify_flags & ssl.VERIFY_X509_STRICT


def test_behind_a_proxy_it_is_not_ours_to_see(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(NotCovered, match="through a proxy"):
        require_certificate_holds("web", "https://erp.example.com", TIMEOUT)
