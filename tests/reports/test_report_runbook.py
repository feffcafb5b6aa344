"""The runbook beside the report: every link in it leads somewhere."""

import re
from types import SimpleNamespace

from hypercare.reports.runbook import write_runbook


def test_every_link_of_the_runbook_leads_to_a_page_that_is_there(tmp_path):
    items = [SimpleNamespace(id="health.web", words="It opens.")]
    pages = write_runbook(SimpleNamespace(items=items), tmp_path / "runbook")
    assert pages == {"health.web": "runbook/health.web.html"}
    for page in (tmp_path / "runbook").glob("*.html"):
        text = page.read_text(encoding="utf-8").replace("../index.html", "")
        links = re.findall(r'href="(?!data:|https?:|#|")([^"#]+)', text)
        assert [link for link in links if not (page.parent / link).is_file()] == [], page.name
