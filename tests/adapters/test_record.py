"""A recording becomes a flow: nothing that was typed at log-in stays, and what it makes is a valid target file."""

from click.testing import CliRunner

from hypercare.commands.record import record
from hypercare.target_file.loading import load_target
from tests.adapters import shop_targets

RECORDING = """
import re
from playwright.sync_api import Playwright, sync_playwright, expect

def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://127.0.0.1:8000/login")
    page.get_by_label("Benutzer").click()
    page.get_by_label("Benutzer").fill("mara.secret")
    page.get_by_label("Kennwort").fill("hunter2-hunter2")
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name="Neuer Auftrag").click()
    page.get_by_label("Kunde").select_option("Test client O'Hara")
    page.get_by_role("group", name="Zeile 1").get_by_label("Menge").fill("3")
    page.get_by_role("textbox", name="Vermerk").fill("my note")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Posten")).to_be_visible()
    page.locator("#more").first.click()
    page.get_by_placeholder("Suche").press("Enter")
    context.close()
    browser.close()

with sync_playwright() as playwright:
    run(playwright)
"""


def recorded(tmp_path, *arguments, text=RECORDING):
    file = tmp_path / "recording.py"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(record, [str(file), *arguments])


def test_the_log_in_is_a_flow_of_its_own_without_its_values(tmp_path):
    ran = recorded(tmp_path, "--value", "my note={reference}")
    assert ran.exit_code == 0, ran.output
    assert "mara" not in ran.output and "hunter2" not in ran.output
    assert '{ fill = "Benutzer", value = "{username}" },' in ran.output
    assert '{ fill = "Kennwort", value = "{password}" },' in ran.output
    assert ran.output.index("log_in = [") < ran.output.index("create_sale = [")


def test_what_was_done_becomes_steps_of_the_target_file(tmp_path):
    target = shop_targets.write_target(tmp_path, "http://127.0.0.1:8000", shop_targets.REST)
    ran = recorded(tmp_path, "--value", "my note={reference}", "--target", str(target))
    target.write_text(target.read_text() + '\n[web]\nurl = "http://127.0.0.1:8000"\n' + ran.output, encoding="utf-8")
    steps = [step.model_dump(exclude_defaults=True) for step in load_target(target).web.flow.create_sale]
    assert steps == [
        {"click": "Neuer Auftrag", "role": "link"},
        {"choose": "Kunde", "value": "{customer}"},
        {"fill": "Menge", "value": "3", "inside": "group: Zeile 1"},
        {"fill": "Vermerk", "value": "{reference}"},
        {"click": "Speichern", "exact": True, "accept": True},
        {"expect": "Posten"},
        {"click": "#more", "css": "#more", "place": 1},
        {"press": "Enter"},
    ]


def test_what_is_no_recording_is_one_clear_line(tmp_path):
    assert "is not Python" in recorded(tmp_path, text="click here").output
    assert "does nothing on a page" in recorded(tmp_path, text="print('hello')").output
