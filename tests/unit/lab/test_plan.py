"""Which device stands where: the same each time, each once, and without a list of them."""

from __future__ import annotations

import tracemalloc
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import UsageError
from camaudit.lab.plan import Plan
from camaudit.packs.lab import load_personas


def planned(
    network: str = "127.77.0.0/24", count: int = 36, seed: int = 0, silent: int = 0
) -> Plan:
    return Plan(
        personas=load_personas(),
        network=IPv4Network(network),
        count=count,
        seed=seed,
        silent=silent,
    )


def test_the_same_seed_gives_the_same_estate() -> None:
    assert list(planned(seed=5).devices()) == list(planned(seed=5).devices())


def test_another_seed_gives_another_estate() -> None:
    assert list(planned(seed=5).devices()) != list(planned(seed=6).devices())


@given(st.integers(1, 254), st.integers(0, 1 << 40))
def test_each_place_is_taken_once_and_the_ends_are_free(count: int, seed: int) -> None:
    devices = list(planned(count=count, seed=seed).devices())
    assert len(devices) == count
    assert {each.number for each in devices} == set(range(count))
    assert not {each.ip for each in devices} & {"127.77.0.0", "127.77.0.255"}


def test_a_small_estate_has_every_persona_once() -> None:
    plan = planned()
    names = [each.persona.id for each in plan.devices()]
    assert sorted(names) == sorted(each.id for each in plan.chosen)
    assert not any(name.startswith("hostile") for name in names)


def test_macs_and_serials_are_each_devices_own() -> None:
    devices = list(planned("127.64.0.0/20", count=4000).devices())
    assert len({each.mac for each in devices}) == 4000
    serials = [(each.persona.id, each.serial) for each in devices]
    assert len(set(serials)) == 4000
    assert not any("$" in serial for _, serial in serials)


def test_some_places_are_silent() -> None:
    devices = list(planned("127.64.0.0/20", count=4000, silent=25).devices())
    assert 2900 < len(devices) < 3100


def test_an_address_beyond_has_no_device() -> None:
    plan = planned()
    assert plan.device(int(IPv4Address("127.76.255.255"))) is None
    assert plan.device(int(IPv4Address("127.77.1.0"))) is None


def test_a_wide_estate_costs_no_more_memory_than_a_small_one() -> None:
    def peak(network: str, count: int) -> int:
        plan = planned(network, count)
        tracemalloc.start()
        for _ in plan.devices():
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak("127.77.0.0/24", 200)  # what is kept once
    assert peak("127.64.0.0/17", 30_000) < 2 * peak("127.77.0.0/24", 200) + 10_000


@pytest.mark.parametrize(
    ("network", "count"), [("127.77.0.0/30", 3), ("127.77.0.0/24", 255), ("0.0.0.0/7", 5)]
)
def test_what_does_not_fit_is_refused(network: str, count: int) -> None:
    with pytest.raises(UsageError):
        planned(network, count)
