"""Which links are proven to lead somewhere and do nothing else: those a suite may follow that only reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hypercare.http.action_words import PARTS, STEMS, WORDS, plain

# Each shown link with all that may say what it does. Where no part of the page is called navigation, any link may lead
# to a main page.
LINKS = """() => {
  const links = [...document.querySelectorAll('a[href]')].filter(link => link.offsetParent !== null);
  const named = links.filter(link => link.closest('nav, [role=navigation], header'));
  const around = link => {
    const form = link.closest('form');
    // A form around the whole page is the habit of some frameworks and says nothing.
    return form && links.filter(one => form.contains(one)).length * 2 < links.length ? form : null;
  };
  return (named.length ? named : links).map(link => ({
    href: link.href,
    names: [link.innerText, link.title, link.getAttribute('aria-label'), link.dataset.tooltip,
      ...[...link.querySelectorAll('img[alt], [title], [aria-label]')].map(
        e => e.getAttribute('alt') || e.getAttribute('title') || e.getAttribute('aria-label'))].filter(Boolean),
    attributes: Object.fromEntries([...link.attributes].map(a => [a.name.toLowerCase(), a.value])),
    form: around(link) ? (around(link).getAttribute('method') || 'get').toLowerCase() : '',
  }));
}"""

_ACTING_ATTRIBUTES = re.compile(
    r"on\w+|download|ping|aria-(pressed|checked|haspopup)"
    r"|formaction|data-(turbo-)?(method|confirm|remote|post|submit|ajax|disable-with|url|href|(bs-)?(toggle|dismiss))"
    r"|(data-)?hx-(?!boost|get|target|swap|push-url|select|indicator|ext|sync|preserve|history).*"
    r"|(ng-|x-on:|v-on:|wire:|@|\(|up-|ic-|data-ng-)(click|submit|post|put|patch|delete|confirm|method).*"
)
_HARMLESS_ROLES = {"", "link", "menuitem", "tab", "treeitem"}
_DOING_CLASSES = re.compile(r"delete|destroy|danger|logout|log-out|signout|confirm|ajax-|post-link|js-submit")
_LEAVES = {"nofollow", "external"}
# A link with such a key carries a permission to act, or sets for whom or how everything is shown from then on.
_ACTING_KEYS = re.compile(
    r"_?method|.*token|.*csrf.*|.*nonce|sesskey|sig|signature|hl|(ui_?)?(lang|language|locale|theme|skin)"
    r"|(current_?|active_?)?(company|tenant|branch|store|shop|site|org|organi[sz]ation|role|warehouse)(_?ids?)?"
    r"|cids|as|as_?user|become|db|database|debug",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\.(pdf|csv|tsv|xlsx?|ods|docx?|odt|zip|gz|tar|7z|xml|json|ics|vcf|png|jpe?g|gif|svg|mp4|exe|msi|dmg|apk|txt|sql)$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.[a-z]\w{0,5}$", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OPENS = re.compile(
    r"\bopen\b.*\b(till|register|cash|drawer|day|shift|session|period|year|shop|store)\b", re.IGNORECASE
)
_KNOWN_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "ARABIC", "HEBREW")
# In several languages the first page is called so.
_FIRST_PAGE = {("start",), ("startseite",), ("home",)}


@dataclass(frozen=True)
class Link:
    """A link as it stands on a page; `form` is the method of the form that it stands in, empty for none."""

    href: str
    names: tuple[str, ...] = ()
    attributes: Mapping[str, str] | None = None
    form: str = ""

    @classmethod
    def of(cls, raw_link: Mapping[str, Any]) -> Link:
        return cls(raw_link["href"], tuple(raw_link["names"]), raw_link["attributes"], raw_link["form"])

    @property
    def address(self) -> str:
        return self.href.partition("#")[0]


def origin_of(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port


def only_navigates(link: Link, origin: tuple[str, str, int | None]) -> bool:
    """Whether to open the link's address is proven to show a page of this origin and to do nothing."""
    attributes = link.attributes or {}
    return (
        urlsplit(link.href).scheme in {"http", "https"}
        and origin_of(link.href) == origin
        and not _FILES.search(urlsplit(link.href).path)
        and link.form in {"", "get"}
        and not _is_a_button(attributes)
        and not acts(link.address)
        and not any(says_action(name) for name in link.names)
    )


def _is_a_button(attributes: Mapping[str, str]) -> bool:
    leaves = set(attributes.get("rel", "").lower().split()) & _LEAVES
    return bool(
        leaves
        or any(_ACTING_ATTRIBUTES.fullmatch(name) for name in attributes)
        or attributes.get("role", "").lower() not in _HARMLESS_ROLES
        or attributes.get("target", "").lower() == "_blank"
        or _DOING_CLASSES.search(attributes.get("class", "").lower())
        or attributes.get("type", "text/html") != "text/html"
    )


def acts(address: str) -> bool:
    """Whether an address names a deed: in its path, or in a key or a value of its query."""
    parts = urlsplit(address)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if segments:
        segments[-1] = _EXTENSION.sub("", segments[-1])
    if len(segments) > 1 and segments[-1].lower() == "open":
        return True
    if any(says_action(segment) for segment in segments):
        return True
    query = parse_qsl(parts.query.replace(";", "&"), keep_blank_values=True)
    return any(_ACTING_KEYS.fullmatch(key) or says_action(key) or says_action(value) for key, value in query)


def says_action(text: str) -> bool:
    """Whether a name says that something is done, or may say so for all that is known of its script."""
    if any(part in text for part in PARTS) or _OPENS.search(text) or not _is_readable(text):
        return True
    words = tuple(words_of(text))
    if words in _FIRST_PAGE:
        return False
    joined = "".join(words)
    return any(word in WORDS or word.startswith(STEMS) for word in words) or joined.startswith(
        ("logout", "logoff", "signout", "signoff", "loggaut", "loggut", "logud", "kirjauduulos")
    )


def words_of(text: str) -> list[str]:
    """The words of a name or of a part of an address, in small letters and without accents."""
    return re.findall(r"[^\W\d_]+", plain(_CAMEL.sub(" ", text)))


def _is_readable(text: str) -> bool:
    return all(unicodedata.name(c, "").startswith(_KNOWN_SCRIPTS) for c in text if c.isalpha() and ord(c) > 127)
