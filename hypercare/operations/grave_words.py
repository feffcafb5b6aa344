"""Whether what people report is graver than a question: told by what their titles say, in several languages.

A title has to name a thing and what happened to it: "customers" alone says nothing, "shows customers of another
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
    r"customers?|customer's|clients?|shops?|shop's|branch(?:es)?|branch's|stores?|store's|tenants?|tenant's|compan(?:y|ies)"
    r"|company's|kunden|kundin(?:nen)?|filialen?|mandanten?|firm(?:a|en)|geschafts?|magasins?|boutiques?|succursales?"
    r"|clientes?|tiendas?|sucursal(?:es)?|negozi[o]?|clienti|filial[ei]|klanten|winkels?|filialen|lojas?"
)
_SEES = (
    r"shows?|showing|shown|sees?|seeing|visible|displays?|lists|listed|zeigt|zeigen|sieht|sehen|sehe|sichtbar|angezeigt"
    r"|affiche(?:nt)?|voit|voient|vois|visibles?|muestran?|ven?|veo|mostra(?:no)?|vedo|vede|vedono|toont|tonen|ziet?|zien"
    r"|vejo|veem"
)
_SEEN = r"visible|visibles|shown|displayed|listed|sichtbar|angezeigt|zu sehen|affiches|mostrati|zichtbaar|visiveis"
_RECORDS = (
    r"sales?|orders?|payments?|invoices?|customers?|data|records|verkaufe|bestellungen|zahlungen|rechnungen|kunden|daten"
    r"|ventes|commandes|paiements|factures|donnees|ventas|pedidos|pagos|facturas|datos|vendite|ordini|pagamenti|fatture"
    r"|dati|verkopen|bestellingen|betalingen|facturen|gegevens|vendas|dados"
)
_GONE = (
    r"gone|lost|deleted|vanished|disappeared|wiped|weg|geloscht|verschwunden|verloren|disparu\w*|perdu\w*|desaparecid\w*"
    r"|desaparecieron|perdid\w*|spariti|sparite|scomparsi|scomparse|persi|verdwenen|kwijt|sumiram|apagad\w*"
)
_ALL = r"all|every|everything|alle|alles|samtliche|tou(?:te)?s|todos|todas|tutti|tutte|our|unsere|nos|nuestr[oa]s|onze"
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
)
_COMPILED = tuple((words, re.compile(shape)) for words, shape in _SHAPES)
_ASKS = re.compile(
    r"^\W*(?:how|where|why not|can i|can we|could|may i|wie|wo|kann ich|konnen wir|comment|puis-je|como|donde|come|dove"
    r"|hoe|waar|kan ik)\b|\b(?:would (?:like|be)|wish|want to|should (?:see|show|list)|mochten?|hatten? gerne?"
    r"|ware schon|voudr\w+|quisier\w+|vorre\w+|graag|gostar\w+)\b"
)


def grave(title: str) -> str:
    """What grave thing a title tells of, in words; "" for none."""
    text = _plain(title)
    if _ASKS.search(text):
        return ""
    return next((words for words, shape in _COMPILED if shape.search(text)), "")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(one for one in apart if not unicodedata.combining(one))
