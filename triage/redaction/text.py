r"""Bytes as text and back without a loss: what is no character of its encoding is kept as one of a private area.

Patterns need text, and polars text without half characters; a log may hold any bytes. Every byte that cannot be read,
and every half of a surrogate pair that stands alone, becomes the character `AREA` places above it. Characters that
stand in that area in the log itself are taken apart into such halves, or bytes, and so come back as they were.
"""

from __future__ import annotations

import re

#: How far above its lone surrogate a stand-in lies: U+10D800 to U+10DFFF, of the private use plane 16.
AREA = 0x100000
#: Stands for what was replaced while text is worked on; its neighbours are kept free like it.
SENTINEL = "\U0010e000"
_ODD = re.compile("[\ud800-\udfff\U0010d800-\U0010e0ff]")
_STAND_IN = re.compile("[\U0010d800-\U0010dfff]")


def to_text(data: bytes, encoding: str = "utf-8") -> str:
    r"""Text without half characters and without `SENTINEL`.

    Parameters
    ----------
    encoding : str
        ``utf-8``, ``utf-16-le`` or ``utf-16-be``; for the latter two whole pairs of bytes.

    Examples
    --------
    >>> to_text(b"caf\xe9 10.0.0.1")
    'caf\U0010dce9 10.0.0.1'
    >>> to_bytes(to_text(b"caf\xe9 10.0.0.1"))
    b'caf\xe9 10.0.0.1'
    """
    text = data.decode(encoding, _handler(encoding))
    if text.isascii() or not _ODD.search(text):
        return text
    return _ODD.sub(lambda odd: _stand_ins(odd[0], encoding), text)


def to_bytes(text: str, encoding: str = "utf-8") -> bytes:
    """The bytes that `to_text` made text of."""
    if not text.isascii() and _STAND_IN.search(text):
        text = _STAND_IN.sub(lambda one: chr(ord(one[0]) - AREA), text)
    return text.encode(encoding, _handler(encoding))


def _handler(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "surrogatepass"


def _stand_ins(char: str, encoding: str) -> str:
    if ord(char) < AREA:
        return chr(ord(char) + AREA)
    if encoding == "utf-8":
        return "".join(chr(0xDC00 + byte + AREA) for byte in char.encode())
    above = ord(char) - 0x10000
    return chr(0xD800 + (above >> 10) + AREA) + chr(0xDC00 + (above & 0x3FF) + AREA)
