"""Messages arrive, whatever the receivers do: refuse, hang, be gone for hours, never come back."""

from datetime import timedelta

import pytest

from hypercare.history.store import History
from hypercare.notification.notifier import Notifier
from tests.notification.changes import NOW, change, config_with, incident
from tests.notification.receivers import part_of

MINUTE = timedelta(minutes=1)


def route(name, url, **settings):
    return {"name": name, "url": url, **settings}


def titles(receiver):
    return [message["title"] for message in receiver.messages()]


def told(history, config, *changes, now=NOW):
    notifier = Notifier(history, config)
    notifier.tell(changes or (change(),), None, now)
    return notifier


def test_a_mail_arrives_as_text_and_as_html(history, post_office):
    config = config_with(route("mail", post_office.address("ops@shop.test")))
    done = told(history, config).deliver(NOW)
    (mail,) = post_office.mails
    assert mail["Subject"] == "Corner Shop: L2 technical: The shop's page 12 does not answer."
    assert post_office.recipients == [["ops@shop.test"]]
    for kind in ("plain", "html"):
        assert "System administrator, by 10:03" in part_of(mail, kind)
        assert "https://reports.shop.test/latest/" in part_of(mail, kind)
    assert [name for name, _ in done.sent] == ["mail"]
    assert done.troubles == {}


def test_a_webhook_gets_json_with_a_key_of_its_own(history, web):
    told(history, config_with(route("hook", web.url + "/in"))).deliver(NOW)
    ((method, path, headers, _),) = web.requests
    assert (method, path, headers["Idempotency-Key"]) == ("POST", "/in", "incident:12:event:1")
    assert web.messages()[0]["data"]["change"] == "opened"


def test_through_apprise_a_service_gets_plain_words(history, web):
    told(history, config_with(route("service", f"json://127.0.0.1:{web.port}/in"))).deliver(NOW)
    (message,) = web.messages()
    assert message["title"] == "Corner Shop: L2 technical: The shop's page 12 does not answer."
    assert "To answer: System administrator, by 10:03" in message["message"]
    assert message["type"] == "warning"


def test_a_receiver_that_refuses_is_tried_again_later_each_time_and_told_once(history, web):
    web.status = 503
    notifier = told(history, config_with(route("hook", web.url)))
    tried, now = [], NOW
    for _ in range(80):
        if notifier.deliver(now).troubles:
            tried.append(int((now - NOW) / MINUTE))
        now += MINUTE
    assert tried == [0, 1, 3, 7, 15, 31, 63]
    web.status = 200
    notifier.deliver(now + timedelta(hours=1))
    notifier.deliver(now + timedelta(hours=2))
    assert len(web.requests) == len(tried) + 1


def test_while_one_receiver_is_dead_the_others_get_theirs(history, web, post_office):
    post_office.refuses = "451 not now"
    config = config_with(
        route("mail", post_office.address("ops@shop.test")),
        route("nowhere", "json://127.0.0.1:9/in"),
        route("hook", web.url),
    )
    done = told(history, config).deliver(NOW)
    assert titles(web) == ["L2 technical: The shop's page 12 does not answer."]
    assert sorted(done.troubles) == ["mail", "nowhere"]
    assert "not now" in done.troubles["mail"]


def test_a_receiver_that_hangs_costs_no_more_than_the_budget_and_what_waits_goes_out_later(history, web):
    web.held.clear()
    config = config_with(route("hook", web.url))
    # The receiver answers nobody yet: to come back at all is to have given up.
    done = told(history, config).deliver(NOW, timedelta(seconds=0.3))
    assert done.sent == []
    web.wait_for(1)
    other = Notifier(History(history.url, "shop"), config)
    assert other.deliver(NOW + MINUTE).sent == []  # it may still arrive: nobody sends it a second time yet
    web.held.set()
    later = other.deliver(NOW + timedelta(minutes=11))
    assert len(web.requests) == 1 + len(later.sent)


def test_what_a_process_leaves_behind_the_next_one_sends(history, web):
    config = config_with(route("hook", web.url))
    told(history, config)
    history.close()
    Notifier(History(history.url, "shop"), config).deliver(NOW)
    assert len(web.requests) == 1


def test_what_is_given_up_is_told_to_others_as_our_own_fault_once_a_day(history, web, post_office):
    post_office.refuses = "550 no such user"
    mail = route("mail", post_office.address("gone@shop.test"))
    config = config_with(mail, route("hook", web.url), messages={"attempts": 2, "retry_after": "1m"})
    notifier = told(history, config, change(event=1), change(event=2, one=incident(13)))
    assert notifier.deliver(NOW).given_up == {}
    done = notifier.deliver(NOW + MINUTE)
    assert [len(lost) for lost in done.given_up.values()] == [1]
    notifier.deliver(NOW + 2 * MINUTE)
    notifier.deliver(NOW + 5 * MINUTE)
    faults = [message for message in web.messages() if message["kind"] == "monitor"]
    assert [message["title"] for message in faults] == ["Messages do not arrive at mail"]
    assert "not about the system that it watches" in faults[0]["text"]
    assert faults[0]["level"] is None


def test_a_route_that_is_taken_out_of_the_file_is_left_out(history, web):
    told(history, config_with(route("old", web.url), route("new", web.url)))
    notifier = Notifier(history, config_with(route("new", web.url)))
    notifier.deliver(NOW)
    assert len(web.requests) == 1
    assert notifier.outbox.waiting() == []


def test_a_hundred_changes_at_once_are_one_message_to_each_route(history, web, post_office):
    config = config_with(route("mail", post_office.address("ops@shop.test")), route("hook", web.url))
    changes = [change(event=number, one=incident(number)) for number in range(1, 101)]
    notifier = told(history, config, *changes)
    notifier.deliver(NOW)
    notifier.deliver(NOW + timedelta(hours=1))
    assert titles(web) == ["100 incidents at once: 100 new, up to L2 technical"]
    assert post_office.subjects() == ["Corner Shop: 100 incidents at once: 100 new, up to L2 technical"]


@pytest.mark.parametrize(
    "url",
    [
        "slack://T0KENAAAA/B0KENBBBB/cOxPeNsIvEtOkEn12345678/#ops",
        "json://user:pa%2Fss-w0rd@127.0.0.1:9/tok-3n-in-path",
        "tgram://123456789:abcdefg_hijklmnop-qrs/12315544/",
        "http://127.0.0.1:9/tok-3n-in-path?key=s3cr3t-key",
        "whatisthis://s3cr3t-key",
    ],
)
def test_what_went_wrong_is_said_without_the_secrets_of_the_address(history, url):
    done = told(history, config_with(route("secret", url))).deliver(NOW)
    secrets = ("T0KENAAAA", "B0KENBBBB", "cOxPeNsIvEtOkEn", "pa/ss", "pa%2Fss", "tok-3n", "abcdefg_", "s3cr3t")
    assert done.troubles["secret"]
    assert [secret for secret in secrets if secret in done.troubles["secret"]] == []


def test_an_address_that_is_not_there_is_a_trouble_like_any_other(history, monkeypatch):
    monkeypatch.delenv("SHOP_HOOK", raising=False)
    done = told(history, config_with({"name": "hook", "url": {"env": "SHOP_HOOK"}})).deliver(NOW)
    assert done.troubles == {"hook": "the environment variable SHOP_HOOK is not set"}


def test_without_apprise_a_mail_waits_and_says_what_to_install(history, web, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    config = config_with(route("mail", "mailto://127.0.0.1/?to=a@shop.test"), route("hook", web.url))
    done = told(history, config).deliver(NOW)
    assert done.troubles == {"mail": 'Apprise is not installed here; install it with: pip install "hypercare[notify]"'}
    assert len(web.requests) == 1
