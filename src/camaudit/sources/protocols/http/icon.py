"""Hashes of a web page's icon, as public collections of them are keyed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.content import payload
from camaudit.wirekit.headed import HeadedMessage

#: Ours. The icons of devices stay below 64 KiB; half an icon has another hash.
MAX_ICON_BYTES: Final = 1 << 18

#: First bytes: ICO, PNG, GIF, JPEG, BMP (WHATWG MIME Sniffing 6.1). Some firmware answers every
#: address with its login page, and calls that an icon.
_IMAGES: Final = (b"\0\0\1\0", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"BM")
_CUT: Final = frozenset({"body_unfinished", "body_cut"})


def icon_in(message: HeadedMessage) -> bytes:
    """Return the whole image that a reply carries; nothing where it carries none."""
    if message.status != 200 or any(odd.code in _CUT for odd in message.anomalies):
        return b""
    icon = payload(
        message.body,
        transfer=b",".join(message.values(b"transfer-encoding")),
        coding=b",".join(message.values(b"content-encoding")),
        limit=MAX_ICON_BYTES + 1,
    )
    if len(icon) > MAX_ICON_BYTES:
        return b""
    drawn = b"svg" in b"".join(message.values(b"content-type")) and b"<svg" in icon[:1024]
    return icon if drawn or icon.startswith(_IMAGES) else b""


def observe_icon(icon: bytes) -> Iterator[Seen]:
    """Yield the two hashes that collections use; neither protects anything."""
    import mmh3

    # MurmurHash3 x86 32 bit, seed 0, signed, of the base64 text in lines of 76 characters.
    yield Seen("http", "favicon_mmh3", b"%d" % mmh3.hash(base64.encodebytes(icon)))
    yield Seen("http", "favicon_md5", hashlib.md5(icon, usedforsecurity=False).hexdigest().encode())
