"""camaudit.isolation.addresses: the same answers as the standard library, for many at once."""

from __future__ import annotations

import ipaddress

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.isolation.addresses import Nature, read_addresses

NETWORKS = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.1.0.0/16",
        "10.1.2.3/32",
        "::/0",
        "2001:db8::/32",
        "2001:db8::/64",
        "2001:db8::4000/114",
        "2001:db8::1/128",
    )
]


@pytest.mark.parametrize(
    ("address", "nature"),
    [
        ("8.8.8.8", Nature.EXTERNAL),
        ("192.0.2.1", Nature.EXTERNAL),  # documentation: nobody's, and nobody's own network
        ("2606:4700::1", Nature.EXTERNAL),
        ("10.255.255.255", Nature.PRIVATE),
        ("11.0.0.0", Nature.EXTERNAL),
        ("172.15.255.255", Nature.EXTERNAL),
        ("172.16.0.0", Nature.PRIVATE),
        ("172.31.255.255", Nature.PRIVATE),
        ("172.32.0.0", Nature.EXTERNAL),
        ("192.168.0.1", Nature.PRIVATE),
        ("100.64.0.1", Nature.PRIVATE),
        ("100.128.0.1", Nature.EXTERNAL),
        ("fd00::1", Nature.PRIVATE),
        ("169.254.1.1", Nature.LINK),
        ("fe80::1", Nature.LINK),
        ("febf::1", Nature.LINK),
        ("fec0::1", Nature.EXTERNAL),
        ("224.0.0.251", Nature.MULTICAST),
        ("239.255.255.250", Nature.MULTICAST),
        ("ff02::fb", Nature.MULTICAST),
        ("255.255.255.255", Nature.BROADCAST),
        ("0.0.0.0", Nature.SELF),  # noqa: S104 - an address that nobody has
        ("127.0.0.1", Nature.SELF),
        ("::", Nature.SELF),
        ("::1", Nature.SELF),
        ("::ffff:10.0.0.1", Nature.PRIVATE),
        ("256.1.1.1", Nature.UNREADABLE),
        ("camera", Nature.UNREADABLE),
        ("", Nature.UNREADABLE),
    ],
)
def test_the_nature_of_an_address(address: str, nature: Nature) -> None:
    # beside another one, so that nothing rests on its place
    found = read_addresses(pa.array(["1.2.3.4", address])).natures()
    assert found.tolist() == [Nature.EXTERNAL, nature]


@given(
    st.lists(
        st.one_of(
            st.ip_addresses(),
            st.ip_addresses(network="10.1.2.0/29"),
            st.ip_addresses(network="2001:db8::/112"),
        ).filter(lambda each: each.version == 4 or each.ipv4_mapped is None),
        max_size=20,
    )
)
def test_the_most_specific_network_holds_an_address(
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address],
) -> None:
    found = read_addresses(pa.array([str(each) for each in addresses], pa.string()))
    for address, at in zip(addresses, found.locate(NETWORKS).tolist(), strict=True):
        holding = [each for each in NETWORKS if address in each]
        assert NETWORKS[at] == max(holding, key=lambda each: each.prefixlen)
    for network in NETWORKS:
        assert found.within(network).tolist() == [each in network for each in addresses]


def test_no_network_holds_what_cannot_be_read() -> None:
    assert read_addresses(pa.array(["camera", "::g"])).locate(NETWORKS).tolist() == [-1, -1]
