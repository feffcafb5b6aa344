"""Whether what people report is graver than a question: told by what they write, in several languages.

A sentence has to name a thing and what happened to it: "customers" alone says nothing, "shows customers of another
branch" does. What somebody asks or wishes for has not happened.
"""

from __future__ import annotations

import re
import unicodedata

_OTHER = (
    r"another|other|others|wrong|foreign|somebody else's|someone else's|fremde\w?|ander(?:e|er|en|em|es)|falsche\w?"
    r"|d'autres?|autres?|otr[oa]s?|ajen[oa]s?|altr[oaie]|un'altra|andere|outr[oa]s?"
)
_WHOSE = (
    r"customers?|customer's|clients?|shops?|shop's|branch(?:es)?|branch's|stores?|store's|tenants?|tenant's"
    r"|compan(?:y|ies)"
    r"|company's|kunden|kundin(?:nen)?|filialen?|mandanten?|firm(?:a|en)|geschafts?|magasins?|boutiques?|succursales?"
    r"|clientes?|tiendas?|sucursal(?:es)?|negozi[o]?|clienti|filial[ei]|klanten|winkels?|filialen|lojas?"
)
_SEES = (
    r"shows?|showing|shown|sees?|seeing|visible|displays?|lists|listed|zeigt|zeigen|sieht|sehen|sehe|sichtbar|angezeigt"
    r"|affiche(?:nt)?|voit|voient|vois|visibles?|muestran?|ven?|veo|mostra(?:no)?|vedo|vede|vedono|toont"
    r"|tonen|ziet?|zien"
    r"|vejo|veem"
)
_SEEN = r"visible|visibles|shown|displayed|listed|sichtbar|angezeigt|zu sehen|affiches|mostrati|zichtbaar|visiveis"
_RECORDS = (
    r"sales?|orders?|payments?|invoices?|customers?|data|records|verkaufe|bestellungen|zahlungen|rechnungen"
    r"|kunden|daten"
    r"|ventes|commandes|paiements|factures|donnees|ventas|pedidos|pagos|facturas|datos|vendite|ordini|pagamenti|fatture"
    r"|dati|verkopen|bestellingen|betalingen|facturen|gegevens|vendas|dados"
)
_GONE = (
    r"gone|lost|deleted|vanished|disappeared|wiped|weg|geloscht|verschwunden|verloren|disparu\w*|perdu\w*"
    r"|desaparecid\w*"
    r"|desaparecieron|perdid\w*|spariti|sparite|scomparsi|scomparse|persi|verdwenen|kwijt|sumiram|apagad\w*"
)
_ALL = r"all|every|everything|alle|alles|samtliche|tou(?:te)?s|todos|todas|tutti|tutte|our|unsere|nos|nuestr[oa]s|onze"
_AMOUNTS = (
    r"totals?|sums?|amounts?|prices?|balance|vat|tax|gesamt\w*|summen?|betrag\w*|betrage|preise?|saldo|mwst"
    r"|montants?|prix"
    r"|solde|tva|importes?|precios?|sumas?|iva|importi|prezz[io]|somm[ae]|bedrag\w*|prijs|prijzen|totaal|btw|precos?"
    r"|valor\w*"
)
_WRONG = (
    r"(?:is|are|was|were|comes out|come out) (?:all |always |completely )?(?:wrong|incorrect)"
    r"|(?:does|do|did) not (?:match|add up|agree)|(?:doesn't|don't|didn't) (?:match|add up|agree)"
    r"|(?:ist|sind|war|waren) (?:falsch|verkehrt)|stimm(?:t|en|te) nicht|(?:est|sont) faux|incorrects?"
    r"|ne correspond\w* pas"
    r"|(?:esta|estan|es|son) mal|no (?:cuadra|coincide)\w*|(?:e|sono) sbagliat\w+|non (?:torna|quadra|corrisponde)\w*"
    r"|klop(?:t|pen) niet|(?:is|zijn) (?:fout|verkeerd)|(?:esta|estao) errad\w+|nao (?:bate|confere)\w*"
)
_FEW = r"(?:\w+\W+){0,5}"
_BETWEEN = rf"\W+{_FEW}"

_SHAPES = (
    (
        "people are shown what is not theirs",
        rf"\b(?:{_SEES})\b{_BETWEEN}(?:{_OTHER})\W+(?:\w+\W+)?(?:{_WHOSE})\b"
        rf"|\b(?:{_OTHER})\W+(?:\w+\W+)?(?:{_WHOSE})\b{_BETWEEN}(?:{_SEEN})\b",
    ),
    ("records are said to be gone", rf"\b(?:{_ALL})\W+{_FEW}(?:{_RECORDS})\b{_BETWEEN}(?:{_GONE})\b"),
    (
        "money was taken twice",
        r"\b(?:charged|billed|debited)\b.{0,30}\b(?:twice|double|two times)\b|\bdouble[- ]?(?:charge|bill)\w*\b"
        r"|\b(?:doppelt|zweimal)\W+(?:abgebucht|belastet|kassiert)\b|\b(?:debite\w*|preleve\w*)\W+(?:deux|2)\W+fois\b"
        r"|\bcobra\w*\W+(?:dos|duas|2)\W+(?:veces|vezes)\b|\baddebit\w*\W+(?:due|2)\W+volte\b"
        r"|\b(?:dubbel|twee keer)\W+afgeschreven\b",
    ),
    (
        "amounts are said to be wrong",
        rf"\b(?:{_AMOUNTS})\b[^.!?]{{0,40}}\b(?:{_WRONG})\b",
    ),
    (
        "somebody works under another's name",
        r"\b(?:was|were|got|suddenly|still) (?:suddenly |still )?logged in as (?!my|an?\b|the\b|admin|manager"
        r"|owner|user|staff)\w+"
        r"|\b(?:uses?|using|knows?|shares?) (?:my|her|his|one|the same|each other's) (?:password|log-?in|account)\b"
        r"|\bplotzlich (?:als \w+ )?angemeldet\b|\b(?:benutz\w+|kenn\w+) (?:mein|ihr|sein|dasselbe)\w* passwor\w+"
        r"|\bconnecte\w* (?:au nom|a la place) d|\butilis\w+ (?:mon|son|le meme) mot de passe\b"
        r"|\busan? (?:mi|su|la misma) contrasena\b|\busa(?:no)? la (?:mia|sua|stessa) password\b"
        r"|\bgebrui\w+ (?:mijn|zijn|haar|hetzelfde) wachtwoord\b|\busam? a (?:minha|mesma) senha\b",
    ),
    (
        "somebody got in",
        r"\b(?:hacked|hackers?|ransom\w*|stolen (?:password|account)s?|data (?:leak|breach)|intruders?|gehackt"
        r"|datenleck|piratee?s?|hackead\w*|hackerat\w*)\b",
    ),
    (
        "nobody can work",
        r"\b(?:nobody|no one|none of us) (?:can|is able to)\b|\bnothing works\b|\b(?:niemand|keiner) kann\b"
        r"|\bnichts geht mehr\b|\bpersonne ne (?:peut|arrive)\b|\bnadie puede\b|\bnessuno (?:puo|riesce)\b"
        r"|\bniemand kan\b|\bninguem consegue\b",
    ),
    (
        "people work on paper again",
        r"\b(?:on|to|with|using) (?:pen and )?paper (?:again|instead)\b|\b(?:back|returned|went back) (?:to|on) paper\b"
        r"|\bwieder (?:auf|mit) (?:papier|zetteln?)\b|\b(?:de|a) nouveau sur papier\b|\bde nuevo en papel\b"
        r"|\bdi nuovo su carta\b|\bweer op papier\b|\bde novo no papel\b",
    ),
)
_COMPILED = tuple((words, re.compile(shape)) for words, shape in _SHAPES)
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")
_MOST_OF_A_TEXT = 4_000
_ASKS = re.compile(
    r"^\W*(?:how|where|why not|can i|can we|could|may i|wie|wo|kann ich|konnen wir|comment|puis-je|como|donde|come|dove"
    r"|hoe|waar|kan ik)\b|\b(?:would (?:like|be)|wish|want to|should (?:see|show|list)|mochten?|hatten? gerne?"
    r"|ware schon|voudr\w+|quisier\w+|vorre\w+|graag|gostar\w+)\b"
)


def grave(title: str, text: str = "") -> str:
    """What grave thing a title, or a sentence of the text below it, tells of, in words; "" for none."""
    sentences = [title, *_SENTENCES.findall(text[:_MOST_OF_A_TEXT])]
    return next((words for one in sentences if (words := _said_in(one))), "")


def _said_in(sentence: str) -> str:
    plain = _plain(sentence)
    if _ASKS.search(plain):
        return ""
    return next((words for words, shape in _COMPILED if shape.search(plain)), "")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(one for one in apart if not unicodedata.combining(one))
