"""Certificates made here, shown by a server of ours: how long they hold, and what is said when they do not."""

import base64
import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, NotCovered, WayDown
from hypercare.target.api import Api
from hypercare.target.certificate import Certificate, require_certificate_holds
from hypercare.target.own_authority import key_of, keys_only_known_here
from tests.target.some_target import some_target

WITHIN = timedelta(seconds=3)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")


class Issuer:
    """Makes certificates signed by an authority of its own, and serves them on loopback."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "root.pem"
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Trial authority", "-days", "3650",
                  "-keyout", "root.key", "-out", "root.pem")  # fmt: skip
        (folder / "index").touch()
        (folder / "ca.conf").write_text(
            "[ca]\ndefault_ca = own\n[own]\ndatabase = index\nnew_certs_dir = .\ncertificate = root.pem\n"
            "private_key = root.key\nrand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no\n"
            "copy_extensions = copy\n[any]\ncommonName = supplied\n"
        )

    def issue(self, *, ends: datetime, name: str = "IP:127.0.0.1"):
        begins = min(datetime.now(UTC), ends) - timedelta(days=30)
        self._run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=shop", "-addext", f"subjectAltName={name}",
                  "-keyout", "shop.key", "-out", "shop.csr")  # fmt: skip
        self._run("ca", "-batch", "-config", "ca.conf", "-in", "shop.csr", "-out", "shop.pem", "-notext",
                  "-startdate", f"{begins:%Y%m%d%H%M%SZ}", "-enddate", f"{ends:%Y%m%d%H%M%SZ}")  # fmt: skip
        return self.folder / "shop.pem", self.folder / "shop.key"

    def _run(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    return Issuer(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve():
    """Shake hands with whoever comes, under the certificate given; its address."""
    listening = []

    def start(certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
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
def known(issuer, monkeypatch):
    """The authority is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer.root))
    return issuer


@openssl
def test_a_certificate_that_holds_long_enough_is_no_trouble(known, serve):
    url = serve(*known.issue(ends=datetime.now(UTC) + timedelta(days=20)))
    require_certificate_holds("web", url, WITHIN)


@openssl
@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (timedelta(days=9, hours=1), Level.L2, "ends in 9 days"),
        (timedelta(days=1), Level.L3, "ends in 23 hours"),
        (-timedelta(days=1), Level.L3, "certificate has expired"),
    ],
)
def test_one_that_ends_soon_is_told_by_how_soon(known, serve, left, level, words):
    url = serve(*known.issue(ends=datetime.now(UTC) + left))
    with pytest.raises(CheckFailed, match=words) as told:
        require_certificate_holds("web", url, WITHIN)
    assert told.value.finding.level is level
    assert told.value.finding.cause == f"certificate-{url.removeprefix('https://').rstrip('/')}"


@openssl
def test_one_for_another_name_is_told(known, serve):
    url = serve(*known.issue(ends=datetime.now(UTC) + timedelta(days=90), name="DNS:erp.example.com"))
    with pytest.raises(CheckFailed, match="does not hold") as told:
        require_certificate_holds("api", url, WITHIN)
    assert told.value.finding.level is Level.L3


@openssl
def test_one_from_nobody_known_is_told_with_the_way_out(issuer, serve):
    url = serve(*issuer.issue(ends=datetime.now(UTC) + timedelta(days=90)))
    with pytest.raises(CheckFailed, match="does not hold") as told:
        require_certificate_holds("mobile", url, WITHIN)
    assert told.value.finding.level is Level.L2
    assert "SSL_CERT_FILE" in told.value.finding.next_step


@openssl
def test_a_noun_looks_at_its_own_address(known, serve, tmp_path):
    url = serve(*known.issue(ends=datetime.now(UTC) + timedelta(days=5, hours=1)))
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
    require_certificate_holds("web", standin.url, WITHIN)
    assert not standin.seen


@pytest.mark.server
def test_where_nothing_listens_the_way_is_down():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(WayDown, match="nothing listens there") as down:
        require_certificate_holds("web", f"https://127.0.0.1:{port}", WITHIN)
    assert down.value.way == "web"


@openssl
def test_a_client_that_is_kept_away_by_it_says_why(known, serve, tmp_path):
    url = serve(*known.issue(ends=datetime.now(UTC) - timedelta(days=1)))
    api = Api(some_target(tmp_path, api={"url": url}))
    with pytest.raises(WayDown, match="cannot be reached: its certificate does not hold: certificate has expired"):
        api.send("GET", "health", within=WITHIN)
    api.close()


@openssl
def test_a_client_trusts_whom_this_machine_trusts(known, serve, tmp_path):
    url = serve(*known.issue(ends=datetime.now(UTC) + timedelta(days=90)))
    api = Api(some_target(tmp_path, api={"url": url}))
    # The server shakes hands, reads a byte and hangs up: it was reached.
    with pytest.raises(WayDown) as down:
        api.send("GET", "health", within=WITHIN)
    assert "certificate" not in down.value.finding.sentence
    api.close()


@openssl
def test_a_browser_is_told_of_a_key_that_only_this_machine_knows(known, serve, tmp_path):
    certificate, key = known.issue(ends=datetime.now(UTC) + timedelta(days=90))
    url = serve(certificate, key)
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    own = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], capture_output=True, check=True)
    assert key_of(der) == own.stdout
    digest = base64.b64encode(hashlib.sha256(own.stdout).digest()).decode()
    ways = {"web": {"url": url}, "api": {"url": f"{url}api"}}
    assert keys_only_known_here(some_target(tmp_path, **ways).config) == [digest]


@openssl
def test_a_browser_is_told_nothing_of_a_certificate_that_does_not_hold(issuer, serve, tmp_path):
    url = serve(*issuer.issue(ends=datetime.now(UTC) + timedelta(days=90)))
    assert keys_only_known_here(some_target(tmp_path, web={"url": url}).config) == []


def test_a_browser_is_told_nothing_where_nothing_is_encrypted(standin, tmp_path):
    assert keys_only_known_here(some_target(tmp_path, web={"url": standin.url}).config) == []


def test_behind_a_proxy_it_is_not_ours_to_see(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(NotCovered, match="through a proxy"):
        require_certificate_holds("web", "https://erp.example.com", WITHIN)
