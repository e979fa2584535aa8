"""Address sets against plain sets, and targets as people write them."""

from __future__ import annotations

import ipaddress
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import UsageError
from camaudit.sources.scan.targets import AddressSet, parse_targets

BASE = int(ipaddress.IPv4Address("192.0.2.0"))
BASE6 = int(ipaddress.IPv6Address("2001:db8::"))
few = st.sets(st.integers(0, 40), max_size=30)


def texts(numbers: set[int]) -> list[str]:
    """Even numbers become IPv4 addresses, odd ones IPv6."""
    return [
        str(
            ipaddress.IPv6Address(BASE6 + n // 2) if n % 2 else ipaddress.IPv4Address(BASE + n // 2)
        )
        for n in numbers
    ]


@given(few, few)
def test_the_algebra_is_that_of_sets(one: set[int], other: set[int]) -> None:
    a, b = AddressSet.of(texts(one)), AddressSet.of(texts(other))
    assert set(a | b) == set(texts(one | other))
    assert set(a & b) == set(texts(one & other))
    assert set(a - b) == set(texts(one - other))
    assert a.count == len(one)
    assert bool(a) == bool(one)


@given(few, st.integers(0, 40))
def test_membership_and_text_agree_with_the_walk(one: set[int], probe: int) -> None:
    a = AddressSet.of(texts(one))
    assert (texts({probe})[0] in a) == (probe in one)
    assert AddressSet.parse(a.text()) == a
    assert len(list(a)) == a.count


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_a_network_holds_what_the_standard_library_says(net: int, prefix: int, at: int) -> None:
    network = ipaddress.ip_network((net, prefix), strict=False)
    address = ipaddress.IPv4Address(at)
    assert (str(address) in AddressSet.parse(str(network))) == (address in network)
    assert AddressSet.parse(str(network)).count == network.num_addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7", ["192.0.2.7"]),
        ("192.0.2.0/30", ["192.0.2.1", "192.0.2.2"]),
        ("192.0.2.4/31", ["192.0.2.4", "192.0.2.5"]),
        ("192.0.2.5-7", ["192.0.2.5", "192.0.2.6", "192.0.2.7"]),
        ("192.0.2.9-192.0.2.10, 2001:db8::1", ["192.0.2.9", "192.0.2.10", "2001:db8::1"]),
        ("192.0.2.5 192.0.2.5-6", ["192.0.2.5", "192.0.2.6"]),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, expected: list[str]) -> None:
    assert list(parse_targets([text])) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("192.0.2.300", "192.0.2.300"),
        ("camera.example", "camera.example"),
        ("192.0.2.9-5", "lower to the higher"),
        ("192.0.2.9-2001:db8::1", "one kind"),
        ("2001:db8::/64", "one by one"),
        ("2001:db8::-2001:db8::ffff:ffff", "1048576"),
        ("192.0.2.0/33", "192.0.2.0/33"),
    ],
)
def test_a_target_that_makes_no_sense_is_named(text: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        parse_targets([text])


def test_a_large_network_is_walked_lazily() -> None:
    everything = parse_targets(["10.0.0.0/8"])
    assert list(islice(iter(everything), 2)) == ["10.0.0.1", "10.0.0.2"]
    assert everything.count == 2**24 - 2
