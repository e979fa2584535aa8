"""camaudit.isolation.zones: a declaration is read strictly."""

from __future__ import annotations

import pytest

from camaudit.errors import UsageError
from camaudit.isolation import read_zones
from camaudit.model.isolation import Zones


@pytest.mark.parametrize(
    ("zones", "field"),
    [
        (Zones(core=("10.0.0.0/33",)), "core"),
        (Zones(core=("10.0.0.1/8",)), "core"),
        (Zones(site={"cameras": ("cameras",)}), "site.cameras"),
        (Zones(other_sites={"depot": ("",)}), "other_sites.depot"),
        (Zones(recorders={"nvr": ("nvr.example",)}), "recorders.nvr"),
        (Zones(jump_hosts={"j": ("1.2.3",)}), "jump_hosts.j"),
        (Zones(dns=("resolver.example",)), "dns"),
        (Zones(ntp=("x",)), "ntp"),
        (Zones(updates=("no host",)), "updates"),
        (Zones(gateways=("192.168.1",)), "gateways"),
    ],
)
def test_what_is_no_network_is_named(zones: Zones, field: str) -> None:
    with pytest.raises(UsageError, match=f"zones: {field}: .*write a network as"):
        read_zones(zones)


@pytest.mark.parametrize(
    "zones",
    [
        Zones(core=("10.0.0.0/8",), site={"cameras": ("10.0.0.0/8",)}),
        Zones(site={"cameras": ("10.0.0.0/8",), "office": ("10.0.0.0/8",)}),
        Zones(site={"cameras": ("10.0.0.0/8",)}, other_sites={"cameras": ("10.0.0.0/8",)}),
    ],
)
def test_a_network_with_two_meanings_is_refused(zones: Zones) -> None:
    with pytest.raises(UsageError, match=r"10\.0\.0\.0/8 is declared as .* and as "):
        read_zones(zones)


def test_the_same_twice_is_no_contradiction_and_update_hosts_may_be_names() -> None:
    found = read_zones(Zones(core=("10.0.0.0/8", "10.0.0.0/8"), updates=("up.example", "1.2.3.4")))
    assert found.update_names == {"up.example"}
    assert [str(each.network) for each in found.duties] == ["1.2.3.4/32"]
