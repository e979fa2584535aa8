"""XML as its leaves, under attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.leaves import Leaf, XmlLeaves, decode_leaves, encode_leaves
from camaudit.wirekit.limits import MAX_XML_BYTES, MAX_XML_TEXT


def leaves(data: bytes) -> list[tuple[str, str]]:
    return [("/".join(leaf.path), leaf.text) for leaf in decode_leaves(data).leaves]


def codes(data: bytes) -> list[str]:
    return [anomaly.code for anomaly in decode_leaves(data).anomalies]


def test_a_document_gives_its_leaves_in_order() -> None:
    data = b"<a><b>1</b><c><d> 2 </d><e/></c>tail</a>"
    assert leaves(data) == [("a/b", "1"), ("a/c/d", "2"), ("a/c/e", "")]
    assert Leaf(("a", "b"), "1").parent == "a"
    assert Leaf(("b",), "1").parent == ""


def test_undeclared_prefixes_and_several_roots_are_read() -> None:
    assert leaves(b"<tds:A x:y='1'>1</tds:A><?pi x?><!-- c --><B>2</B>") == [("A", "1"), ("B", "2")]


def test_a_name_that_needs_its_prefix_keeps_it() -> None:
    data = "<a:1b>x</a:1b><a:>y</a:><é:ü>z</é:ü>".encode()
    message = decode_leaves(data)
    assert [leaf.name for leaf in message.leaves] == ["a:1b", "a:", "é:ü"]
    assert decode_leaves(encode_leaves(message)) == message


def test_references_and_sections_are_text() -> None:
    data = b"<a>&lt;&amp;&#65;&#13;x<![CDATA[<b>&]]>]]&gt;</a>"
    assert leaves(data) == [("a", "<&A\rx<b>&]]>")]
    message = decode_leaves(data)
    assert decode_leaves(encode_leaves(message)) == message


def test_siblings_of_the_same_name_keep_their_leaves_apart() -> None:
    message = XmlLeaves(leaves=(Leaf(("a", "b"), "1"), Leaf(("a",), "2"), Leaf(("a", "b"), "3")))
    assert encode_leaves(message) == b"<a><b>1</b></a><a>2</a><a><b>3</b></a>"
    assert decode_leaves(encode_leaves(message)) == message


@pytest.mark.parametrize(
    "data",
    [
        b"<a><b>1</b>",
        b"<a><b>1</b><",
        b"<b>1</b><a>te",
        b"<b>1</b>&am",
        b"<b>1</b><![CDATA[x",
        b"<b>1</b><!-- x",
    ],
)
def test_a_document_cut_short_gives_what_was_whole(data: bytes) -> None:
    assert [text for _, text in leaves(data)] == ["1"]
    assert codes(data) == ["xml_unfinished"]


@pytest.mark.parametrize(
    "data",
    [
        b"<a>1</b>",
        b"<a>1</a></wrapper>",
        b"</wrapper>",
        b"<a>1</a></wrapper><b>",
        b"<a>&nbsp;</a>",
        b"<a b=1>x</a>",
        b"<<a>",
        b"<a>1</a><?xml version='1.0'?>",
    ],
)
def test_an_ill_formed_document_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="not well-formed"):
        decode_leaves(data)


@pytest.mark.parametrize("data", [b"", b"text", b"<a", b"<a>te", b"<!-- only a comment -->"])
def test_without_a_whole_element_there_is_no_document(data: bytes) -> None:
    with pytest.raises(DecodeError, match="no XML element"):
        decode_leaves(data)


def test_billion_laughs_is_refused_before_it_laughs() -> None:
    tenfold = [f"&l{level};" * 10 for level in range(9)]
    entities = "".join(f'<!ENTITY l{at} "{text}">' for at, text in enumerate(tenfold, 1))
    data = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><l>&l9;</l>'
    with pytest.raises(DecodeError, match="document type is refused"):
        decode_leaves(data.encode())


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>1</a>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://192.0.2.1/x"> %e;]><a>1</a>',
    ],
)
def test_external_entities_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="document type is refused"):
        decode_leaves(data)


def test_deep_nesting_is_refused() -> None:
    assert len(leaves(b"<a>" * 32 + b"x" + b"</a>" * 32)) == 1
    with pytest.raises(DecodeError, match="nested too deep"):
        decode_leaves(b"<a>" * 33 + b"x" + b"</a>" * 33)


def test_element_flood_is_refused() -> None:
    with pytest.raises(DecodeError, match="more than 1024"):
        decode_leaves(b"<a/>" * 1025)
    with pytest.raises(DecodeError, match="too many elements"):
        decode_leaves((b"<a>" * 30 + b"</a>" * 30) * 200)


def test_a_long_element_name_is_refused() -> None:
    with pytest.raises(DecodeError, match="longer than 64"):
        decode_leaves(b"<" + b"a" * 65 + b">1</" + b"a" * 65 + b">")


def test_namespace_amplification_has_nothing_to_repeat() -> None:
    """A resolving parser would put the long namespace name in front of each attribute."""
    attributes = b" ".join(b"n:a%d=''" % number for number in range(5000))
    data = b"<a xmlns:n='" + b"u" * 200_000 + b"'><b " + attributes + b">1</b></a>"
    assert leaves(data) == [("a/b", "1")]


def test_long_text_is_cut() -> None:
    data = b"<a>" + b"x\n" * MAX_XML_TEXT + b"</a>"
    message = decode_leaves(data)
    assert len(message.leaves[0].text) == MAX_XML_TEXT - 1
    assert codes(data) == ["text_cut"]
    assert decode_leaves(encode_leaves(message)) == message


def test_an_overlong_document_is_refused_unread() -> None:
    with pytest.raises(DecodeError, match="bytes of XML"):
        decode_leaves(b" " * (MAX_XML_BYTES + 1))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<?xml version="1.0" encoding="GB2312"?><a>中</a>'.encode("gb2312"), "中"),
        ("<a>é</a>".encode(), "é"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a>x</a>", "x"),
        ('<?xml version="1.0" encoding="UTF-16"?><a>x</a>'.encode("utf-16"), "x"),
        (b"<?xml version='1.0' encoding='utf-16'?><a>x</a>", "x"),
        (b"<a>\xff</a>", "\ufffd"),
    ],
)
def test_declared_encodings_are_honoured_as_far_as_they_are_true(data: bytes, text: str) -> None:
    assert leaves(data) == [("a", text)]


def test_padding_is_dropped_and_counted() -> None:
    data = b"\0\0<?xml version='1.0'?><a>1\x07</a>\0"
    assert leaves(data) == [("a", "1")]
    assert codes(data) == ["control_characters"]
