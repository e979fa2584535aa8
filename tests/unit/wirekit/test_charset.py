"""Text under an encoding that may be missing, unknown or a lie."""

from __future__ import annotations

import pytest

from camaudit.wirekit.charset import to_text


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (b"caf\xc3\xa9", b"", "café"),
        (b"caf\xe9", b"ISO-8859-1", "café"),
        (b"\xd6\xd0", b"GB2312", "中"),
        (b"\xef\xbb\xbfx", b"utf-8", "x"),
        (b"\xff\xfea\0b\0", b"utf-8", "ab"),
        (b"\xfe\xff\0a\0b", b"", "ab"),
        (b"ab", b"no-such-thing", "ab"),
        (b"a\xff", b"utf-8", "a\ufffd"),
        (b"a", b"\xff\xff", "a"),
    ],
)
def test_bytes_become_text(data: bytes, declared: bytes, text: str) -> None:
    assert to_text(data, declared) == text


def test_a_declared_codec_that_is_no_charset_is_not_run() -> None:
    """Python knows codecs such as zip and rot13; a device cannot choose them."""
    assert to_text(b"uryyb", b"rot13") == "uryyb"
