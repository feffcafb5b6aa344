"""Log-ins of the same accounts, with nothing but Playwright."""

import json
import os
from pathlib import Path

from playwright.sync_api import expect, sync_playwright


def test_the_same_log_ins() -> None:
    asked = json.loads(Path(os.environ["HYPERCARE_LOG_INS"]).read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked["browser"])
        for account in asked["accounts"]:
            context = browser.new_context()
            page = context.new_page()
            page.goto(asked["url"])
            page.get_by_label("Username").fill(account["username"])
            page.get_by_label("Password").fill(account["password"])
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_role("button", name="Log out")).to_be_visible()
            page.get_by_role("button", name="Log out").click()
            context.close()
        browser.close()
