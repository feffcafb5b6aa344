"""From a route to what sends its messages."""

from __future__ import annotations

from hypercare.notification.apprise_sender import apprise_sender
from hypercare.notification.sender import Sender, Unsent
from hypercare.notification.webhook import Webhook
from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.sections.notify import NotifyRoute


def sender_of(route: NotifyRoute) -> Sender:
    """What sends the messages of a route.

    A web address is a webhook of its own, unless Apprise knows it as that of a service (a Slack hook, for instance).

    Raises:
        Unsent: the address is missing, or nobody knows what to do with it.
    """
    try:
        address = route.address.strip()
    except MissingSecret as error:
        raise Unsent(str(error)) from None
    on_the_web = address.lower().startswith(("http://", "https://"))
    if on_the_web and route.form == "data":
        return Webhook(address)
    try:
        service = apprise_sender(address, route.form)
    except Unsent:
        if not on_the_web:
            raise
        service = None
    if service is None and on_the_web:
        return Webhook(address)
    if service is None:
        scheme = address.partition("://")[0]
        raise Unsent(f"Apprise makes nothing of its address, which begins with {scheme}://")
    return service
