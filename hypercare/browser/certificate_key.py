"""The public key of a certificate, as browsers name it by its digest.

A library that reads all of a certificate weighs more than any other of a round but the browser's. Of this one OpenSSL
has read and verified all by then; only the place of the key is looked up here (RFC 5280, 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator

_SEQUENCE, _VERSION = 0x30, 0xA0
# After the serial number: how it is signed, by whom, for how long, for whom; then the key.
_KEY_AFTER_SERIAL_NUMBER = 5
_LONG = 0x80


def key_of(certificate: bytes) -> bytes | None:
    """The public key of a certificate in DER, with its algorithm; None of what is no certificate."""
    try:
        ((tag, content, _),) = _elements(certificate)
        fields = list(_elements(_first_content(content)))
    except ValueError:
        return None
    # The first version is left out where it is meant.
    place = _KEY_AFTER_SERIAL_NUMBER + (bool(fields) and fields[0][0] == _VERSION)
    if tag != _SEQUENCE or len(fields) <= place or fields[place][0] != _SEQUENCE:
        return None
    return fields[place][2]


def _first_content(content: bytes) -> bytes:
    for _, inner, _ in _elements(content):
        return inner
    raise ValueError("nothing is in it")


def _elements(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each element that stands in a row: its tag, what it holds, and all of it.

    Raises:
        ValueError: it is cut off.
    """
    start = 0
    while start < len(data):
        begin, length = _extent(data, start)
        end = begin + length
        if end > len(data):
            raise ValueError("an element is cut off")
        yield data[start], data[begin:end], data[start:end]
        start = end


def _extent(data: bytes, start: int) -> tuple[int, int]:
    """Where the content of the element at `start` begins, and how long it is."""
    first = data[start + 1 : start + 2]
    if not first:
        raise ValueError("an element is cut off")
    if first[0] < _LONG:
        return start + 2, first[0]
    begin = start + 2 + first[0] - _LONG
    return begin, int.from_bytes(data[start + 2 : begin])
