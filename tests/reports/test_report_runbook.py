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


def test_a_page_is_titled_in_words_and_so_are_the_links_to_it(tmp_path):
    items = [SimpleNamespace(id="health.web", words="It opens & works.")]
    write_runbook(SimpleNamespace(items=items), tmp_path / "runbook")
    page = (tmp_path / "runbook" / "health.web.html").read_text(encoding="utf-8")
    assert "<title>It opens &amp; works. · runbook</title>" in page
    assert page.count("<h1>") == 1 and "<h1>It opens &amp; works.</h1>" in page
    assert "<code>health.web</code>" in page
    whole = (tmp_path / "runbook" / "README.html").read_text(encoding="utf-8")
    assert "<h1>Runbook</h1>" in whole
    assert '<a href="health.web.html">It opens &amp; works.</a>' in whole
    costs = "Costs are present, positive and plausible, on the right order and within its budget."
    assert f'<a href="verify.costs.html">{costs}</a>' in whole


def test_a_page_of_the_project_keeps_its_own_title(tmp_path):
    own = tmp_path / "project" / "runbook"
    own.mkdir(parents=True)
    (own / "health.web.md").write_text("# Call *Anna* & `Ben`\n\nAt once.\n", encoding="utf-8")
    items = [SimpleNamespace(id="health.web", words="It opens.")]
    write_runbook(SimpleNamespace(items=items), tmp_path / "runbook", project=tmp_path / "project")
    page = (tmp_path / "runbook" / "health.web.html").read_text(encoding="utf-8")
    assert page.count("<h1>") == 1 and "<h1>Call Anna &amp; Ben</h1>" in page
    assert "At once." in page
