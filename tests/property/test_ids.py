"""Laws of identifiers: the encoding keeps sequences apart, and import time is no part of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.ids import canonical

parts = st.lists(st.binary(max_size=12), max_size=6)


def decode(encoded: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(encoded):
        length = int.from_bytes(encoded[at : at + 8], "big")
        found.append(encoded[at + 8 : at + 8 + length])
        at += 8 + length
    return found


@given(parts)
def test_the_encoding_can_be_undone(given_: list[bytes]) -> None:
    """What can be undone is injective: no two sequences share an encoding."""
    assert decode(canonical(given_)) == given_


@given(parts, parts)
def test_a_sequence_is_encoded_as_its_pieces_in_a_row(one: list[bytes], two: list[bytes]) -> None:
    assert canonical(one + two) == canonical(one) + canonical(two)
