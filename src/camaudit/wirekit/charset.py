"""Bytes to text under a declared encoding that may be missing, unknown or a lie."""

from __future__ import annotations

import codecs
from typing import Final

#: Declared name -> the decoder that is used. Others are read as UTF-8. The GB family is read as
#: its superset GB 18030, and Latin-1 as windows-1252 would be by a browser (WHATWG Encoding 4.2).
_DECODERS: Final = {
    "ascii": "utf-8",
    "big5": "big5",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
    "gb18030": "gb18030",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "ks_c_5601-1987": "euc_kr",
    "latin1": "cp1252",
    "shift_jis": "shift_jis",
    "us-ascii": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "windows-1252": "cp1252",
}


def to_text(data: bytes, declared: bytes = b"") -> str:
    """Return ``data`` as text; what does not decode becomes U+FFFD, never an exception."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    name = declared.decode("ascii", "replace").lower()
    return data.removeprefix(codecs.BOM_UTF8).decode(_DECODERS.get(name, "utf-8"), "replace")
