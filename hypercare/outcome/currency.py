"""Money in words, with as many decimals as its currency has (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal

USUAL_DIGITS = 2
# All others have two. Codes without a minor unit of their own (gold, test codes) are no business's currency.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS_OF = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}

# Where cash is rounded since there are no smaller coins. In some countries of the euro it is as well, by choice.
_SMALLEST_COIN = {"0.05": "AUD CAD CHF MYR SGD", "0.1": "HKD ILS NZD", "0.5": "DKK", "1": "CZK NOK SEK", "5": "HUF"}
_COIN_OF = {code: Decimal(coin) for coin, codes in _SMALLEST_COIN.items() for code in codes.split()}


def smallest_coin_of(currency: str) -> Decimal:
    """What sums in cash are rounded to; 0 where they are not, or it is not known."""
    return _COIN_OF.get(currency.strip().upper(), Decimal(0))


def digits_of(currency: str) -> int:
    """How many decimals the currency has; two where it is not known."""
    return _DIGITS_OF.get(currency.strip().upper(), USUAL_DIGITS)


def money_in_words(amount: Decimal, currency: str) -> str:
    """ "1,234.50 EUR", "1,235 JPY", "1.250 KWD": no decimals are lost where the business keeps more of them."""
    exponent = amount.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return f"{amount:,.{max(digits_of(currency), decimals)}f} {currency}".strip()
