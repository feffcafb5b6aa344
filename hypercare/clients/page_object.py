"""What a page object in Python is made from: every verb is not covered until it is written."""

from __future__ import annotations

from hypercare.browser.page import PageSession
from hypercare.clients.flow_client import FlowClient
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.sections.flow import FlowSection


class PageObject(FlowClient):
    """Inherit from it and write the verbs that the suite is to try, on `self.page` (Playwright's page).

        class ShopPages(PageObject):
            def create_sale(self, sale):
                self.page_session.go("orders/new")
                with self.doing("create a sale"):
                    self.page.get_by_label("Client").fill(sale.customer)
                    ...

    Wrap what is done on a page into `with self.doing("create a sale"):`, so that a page that does not offer it is told
    as the system's refusal. Logging in and out works as for flows; the rest is not covered until it is written.
    """

    channel = Channel.WEB

    def __init__(self, page_session: PageSession) -> None:
        super().__init__(page_session, FlowSection(), Channel(page_session.way))
