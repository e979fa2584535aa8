"""DHCP leases: what must not be told of them."""

from __future__ import annotations

from camaudit.sources.importers import registry
from tests.importer_examples import read_all, values

LEASE = """lease 192.0.2.7 {
  hardware ethernet 00:40:8c:00:00:07;
  set vendor-class-identifier = "AXIS,Network Camera password=hunter2";
  client-hostname "http://root:hunter2@cam-7/";
}
"""


def test_secrets_in_what_a_device_says_are_taken_out() -> None:
    items = read_all(registry()["dhcp-leases"], LEASE.encode())
    device = "mac:00:40:8c:00:00:07"
    assert values(items, "dhcp.vendor_class") == {device: "AXIS,Network Camera password=[removed]"}
    assert values(items, "dhcp.hostname") == {device: "http://cam-7/"}
