"""What a page shows of whether somebody is in: a way out, their name, links that were not there before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypercare.browser.page_script import PIERCING
from hypercare.http.action_words import plain
from hypercare.http.navigation import words_of

if TYPE_CHECKING:
    from hypercare.browser.page import PageSeen, PageSession

# A menu that is folded still holds its way out, so hidden parts count.
_PARTS = "a, button, input[type=submit], input[type=button], form[action], [role=button], [role=menuitem], [onclick]"
_CONTROLS = f"""() => {{ {PIERCING}
  return everywhere(document, '{_PARTS}').slice(0, 3000).map(e => ({{
    names: [e.matches('form') ? '' : (e.textContent || '').trim().slice(0, 60), e.value, e.title, e.id, e.name,
      e.getAttribute('aria-label'), e.getAttribute('data-testid'), e.getAttribute('data-action')]
      .filter(name => typeof name === 'string' && name),
    address: e.getAttribute('href') || e.getAttribute('action') || e.getAttribute('formaction') || '',
    href: e.matches('a[href]') ? e.href : '',
  }}));
}}"""

_USE = f"""place => {{ {PIERCING}
  const part = everywhere(document, '{_PARTS}')[place];
  if (part.matches('form')) part.requestSubmit(); else part.click();
}}"""
_ANOTHER_SESSION = re.compile(
    plain(
        r"licen[cs]|lizenz|licenz|lisans|лиценз|already|bereits|deja|\bya\b|gia\b|ja esta|al aangemeld|juz|zaten|уже"
        r"|session|sitzung|sesion|sessao|sessie|sesj|oturum|сеанс|in use|belegt|maximum|too many"
    )
)
_WAY_OUT = re.compile(
    r"\b("
    + plain(
        r"log ?(me )?(out|off)|sign ?(me )?(out|off)|abmelden|abmeldung|ausloggen|deconnecter|deconnexion|cerrar sesion"
        r"|finalizar sesion|desconectar(se)?|disconnetti(ti)?|terminar sess?ao|encerrar sessao|afmelden|uitloggen"
        r"|wyloguj|wylogowanie|oturumu kapat|cikis( yap)?|odhlasit|odhlaseni|logga ut|logg ut|log ud|kirjaudu ulos"
        r"|выйти|выход|вийти|вихід|deconectare|kijelentkezes|αποσυνδεση"
    )
    + r")\b"
)
_WHOLE_NAMES = {"exit", "quit", "leave", "salir", "esci", "sair", "sortir", "quitter", "uit", "wyjdz"}
_WAY_OUT_PARTS = ("退出", "登出", "注销", "註銷", "ログアウト", "サインアウト", "로그아웃", "تسجيل الخروج", "התנתק")
# Whoever reads this on a page that shows little else is probably not in.
_REFUSES = re.compile(
    plain(
        r"invalid|incorrect|wrong|denied|refused|not (allowed|permitted|authori)|forbidden|unauthori|\bfailed|locked"
        r"|disabled|blocked|expired|suspended|too many|licen[cs]e|already (logged|signed)|maximum|try again|unavailable"
        r"|no access|falsch|ungultig|gesperrt|deaktiviert|abgelaufen|verweigert|fehlgeschlagen|nicht erlaubt|lizenz"
        r"|bereits angemeldet|kein zugriff|invalide|refuse|bloque|desactive|expire|echou|deja connect|trop de|denegad"
        r"|bloquead|caducad|fallid|licencia|demasiad|non valid|errat|negato|bloccat|scadut|fallit|licenz|troppi"
        r"|incorret|negad|expirad|falhou|licenca|ongeldig|onjuist|geweigerd|geblokkeerd|verlopen|mislukt|licentie"
        r"|te veel|nieprawid|bledn|zablok|wygas|odmow|licencj|zbyt wiele|gecersiz|hatali|yanlis|engellen|lisans"
        r"|cok fazla|невер|неправ|заблок|отказ|истек|лиценз|слишком|错误|無効|失败|失敗|锁定|拒绝|許可|ライセンス"
    )
)
_FEW_CONTROLS, _SHORTEST_NAME, _TO_LEAVE = 3, 3, 300


@dataclass(frozen=True)
class Signs:
    """One page, read for whether somebody is in it."""

    page: PageSeen
    has_way_out: bool
    links: frozenset[str]
    controls: frozenset[str]

    @classmethod
    def of(cls, page_session: PageSession) -> Signs:
        page, controls = page_session.see(), page_session.read(_CONTROLS)
        own = urlsplit(page.address).hostname
        return cls(
            page,
            any(_leads_out(one["names"], one["address"]) for one in controls),
            frozenset(_place(one["href"]) for one in controls if one["href"] and urlsplit(one["href"]).hostname == own),
            frozenset(one["names"][0] for one in controls if one["names"]),
        )

    def asks(self, before: Signs | None) -> bool:
        """Whether it is the page to log in on, which may first ask for the name alone."""
        if self.page.has_password or before is None or before.page.has_password:
            return self.page.has_password
        return self.page.has_field and (self.page.title, _place(self.page.address)) == (
            before.page.title,
            _place(before.page.address),
        )

    def is_sure(self, before: Signs, username: str) -> bool:
        """Whether it shows what only somebody who is in sees."""
        way_out = self.has_way_out and not before.has_way_out
        fresh = len(self.links - before.links)
        is_inside = way_out and (fresh >= _FEW_CONTROLS or not self.refuses)
        return is_inside or bool(fresh and self.newly_names(username, before))

    def differs(self, before: Signs, username: str) -> bool:
        """Whether it offers things, or names somebody, that nobody saw before."""
        fresh = (self.links - before.links) | (self.controls - before.controls)
        return not self.refuses and (len(fresh) >= _FEW_CONTROLS or self.newly_names(username, before))

    def newly_names(self, username: str, before: Signs) -> bool:
        return self._names(username) and not before._names(username) and not self.refuses

    @property
    def refuses(self) -> bool:
        return bool(_REFUSES.search(plain(self.page.text)))

    def new_text(self, before: Signs | None) -> str:
        """What was not said before: a line that reads as a refusal, else the first that is no link or button."""
        lines_before = set() if before is None else set(before.page.text.splitlines())
        lines = [line.strip() for line in self.page.text.splitlines() if line.strip() and line not in lines_before]
        refusing = [line for line in lines if _REFUSES.search(plain(line))]
        return next(iter([*refusing, *(line for line in lines if line not in self.controls)]), "")

    def _names(self, username: str) -> bool:
        name = username.partition("@")[0].casefold()
        return len(name) >= _SHORTEST_NAME and bool(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.page.text.casefold())
        )


def go_out(page_session: PageSession) -> None:
    """Use the page's own way out, where it shows one."""
    controls = page_session.read(_CONTROLS)
    place = next((n for n, one in enumerate(controls) if _leads_out(one["names"], one["address"])), None)
    if place is not None:
        page_session.page.evaluate(_USE, place)
        page_session.page.wait_for_timeout(_TO_LEAVE)


def tells_of_another_session(text: str) -> bool:
    return bool(_ANOTHER_SESSION.search(plain(text)))


def _leads_out(names: list[str], address: str) -> bool:
    return any(_is_way_out(name) for name in names) or bool(
        address and _WAY_OUT.search(" ".join(words_of(urlsplit(address).path + " " + urlsplit(address).query)))
    )


def _is_way_out(name: str) -> bool:
    words = " ".join(words_of(name))
    return bool(_WAY_OUT.search(words)) or words in _WHOLE_NAMES or any(part in name for part in _WAY_OUT_PARTS)


def _place(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].rstrip("/")
