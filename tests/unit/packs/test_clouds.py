"""camaudit.packs.clouds: what a file of the catalogue must be, and what ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from camaudit.app.packset import load_packs
from camaudit.errors import PackError
from camaudit.model.clouds import Catalogue, CloudService, ServiceRole
from camaudit.model.words import Confidence
from camaudit.packs.clouds import CloudFile, catalogue_of, cloud_files, load_clouds
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.packs.strict import parse
from tests.small_packs import files

SERVICE: dict[str, Any] = {
    "id": "acme-cloud",
    "role": "maker_cloud",
    "hosts": ["acme.example"],
    "ports": ["udp 10000-20000"],
    "confidence": "verified",
    "says": "The maker's cloud.",
    "source": "docs",
    "examples": [{"host": "p2p.acme.example"}],
    "not_examples": [{"host": "notacme.example"}],
}
FILE: dict[str, Any] = {
    "maker": "acme",
    "services": [SERVICE],
    "sources": {"docs": {"title": "The maker's list of hosts"}},
}


def service(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (SERVICE | changes).items() if value is not ...}


def content(data: dict[str, Any]) -> bytes:
    return yaml.safe_dump(json.loads(json.dumps(data)), sort_keys=False, width=1000).encode()


def read(*services: dict[str, Any], **changes: Any) -> CloudFile:
    data = {
        k: v for k, v in (FILE | {"services": list(services)} | changes).items() if v is not ...
    }
    return CloudFile(parse(content(data), "clouds/acme.yaml"), {"acme"})


def packs(**documents: dict[str, Any]) -> PackFiles:
    contents = {f"clouds/{name}.yaml": content(each) for name, each in documents.items()}
    return PackFiles(contents=contents, places={name: name for name in contents})


def catalogue(*services: dict[str, Any]) -> Catalogue:
    return Catalogue("", read(*services).services)


def named(found: CloudService | None) -> str | None:
    return found.id if found else None


def test_a_good_file_is_read() -> None:
    (found,) = read(SERVICE).services
    assert (found.maker, found.role, found.confidence) == (
        "acme",
        ServiceRole.MAKER_CLOUD,
        Confidence.VERIFIED,
    )
    (ports,) = found.ports
    assert (ports.protocol, ports.first, ports.last) == (17, 10000, 20000)
    assert found.source.title == "The maker's list of hosts"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hosts": ["*.acme.example"]}, "services[0].hosts[0]"),
        ({"hosts": ["ACME.example"]}, "services[0].hosts[0]"),
        ({"hosts": ["example"]}, "services[0].hosts[0]"),
        ({"hosts": ["192.0.2.1"]}, "services[0].hosts[0]"),
        ({"hosts": ["amazonaws.com"]}, "services[0].hosts[0]"),
        ({"networks": ["10.0.0.0/8"]}, "services[0].networks[0]"),
        ({"networks": ["8.8.8.8/24"]}, "services[0].networks[0]"),
        ({"ports": ["443"]}, "services[0].ports[0]"),
        ({"ports": ["tcp 0"]}, "services[0].ports[0]"),
        ({"ports": ["tcp 20-10"]}, "services[0].ports[0]"),
        ({"ports": ["udp 65536"]}, "services[0].ports[0]"),
        ({"hosts": []}, "services[0]"),
        ({"role": "botnet"}, "services[0].role"),
        ({"colour": "red"}, "services[0].colour"),
        ({"source": "memory"}, "services[0].source"),
        ({"examples": []}, "services[0].examples"),
        ({"not_examples": ...}, "services[0].not_examples"),
        ({"confidence": "certain"}, "services[0].confidence"),
    ],
)
def test_a_bad_entry_is_refused_with_file_line_and_field(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(PackError) as caught:
        read(service(**changes))
    assert (caught.value.file, caught.value.field) == ("clouds/acme.yaml", field)
    assert caught.value.line > 0


def test_a_maker_that_is_not_known_is_refused() -> None:
    with pytest.raises(PackError, match="no maker is called 'acne'") as caught:
        read(SERVICE, maker="acne")
    assert caught.value.field == "maker"


def test_services_that_many_share_name_no_maker() -> None:
    (found,) = read(SERVICE, maker=...).services
    assert found.maker is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("acme.example", "acme-cloud"),
        ("a.b.acme.example", "acme-cloud"),
        ("A.Acme.Example.", "acme-cloud"),
        ("notacme.example", None),
        ("acme.example.org", None),
        ("example", None),
        ("", None),
        ("up.acme.example", "acme-updates"),
        ("x.up.acme.example", "acme-updates"),
    ],
)
def test_a_name_is_found_at_the_border_of_a_label_and_the_longest_counts(
    name: str, found: str | None
) -> None:
    updates = service(id="acme-updates", role="update_host", hosts=["up.acme.example"])
    assert named(catalogue(SERVICE, updates).by_host(name)) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("8.8.0.1", "wide"),
        ("8.8.4.4", "narrow"),
        ("8.9.0.0", None),
        ("2001:4860::1", "wide"),
        ("::8.8.4.4", None),
        ("no address", None),
    ],
)
def test_an_address_is_found_by_the_longest_network(address: str, found: str | None) -> None:
    wide = service(id="wide", hosts=[], networks=["8.8.0.0/16", "2001:4860::/32"])
    narrow = service(id="narrow", hosts=[], networks=["8.8.4.0/24"])
    assert named(catalogue(wide, narrow).by_address(address)) == found


def test_a_port_is_told_only_where_the_file_says_so() -> None:
    assert catalogue(SERVICE).by_port(17, 10000) is None
    alone = catalogue(service(port_alone=True))
    assert named(alone.by_port(17, 20000)) == "acme-cloud"
    assert alone.by_port(6, 20000) is None
    assert alone.by_port(17, 20001) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"examples": [{"host": "acne.example"}]}, "services[0].examples[0]"),
        ({"examples": [{"port": "udp 10000"}]}, "services[0].examples[0]"),
        ({"not_examples": [{"host": "x.acme.example"}]}, "services[0].not_examples[0]"),
        ({"examples": [{}]}, "services[0].examples[0]"),
        (
            {"examples": [{"host": "acme.example", "address": "8.8.8.8"}]},
            "services[0].examples[0]",
        ),
        ({"examples": [{"port": "udp"}]}, "services[0].examples[0].port"),
    ],
)
def test_an_example_that_does_not_hold_is_named(changes: dict[str, Any], field: str) -> None:
    file = read(service(**changes))
    with pytest.raises(PackError) as caught:
        file.check_examples(Catalogue("", file.services))
    assert caught.value.field == field


def test_examples_are_counted() -> None:
    file = read(SERVICE)
    assert file.check_examples(Catalogue("", file.services)) == 2


@pytest.mark.parametrize("changes", [{"id": "other"}, {"hosts": ["other.example"]}])
def test_a_name_or_id_in_two_files_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(PackError, match="stands already in acme-cloud"):
        cloud_files(packs(a=FILE, b=FILE | {"services": [service(**changes)]}))


def test_what_ships_names_known_makers_and_its_examples_hold() -> None:
    makers = load_packs().names.keys()
    clouds = cloud_files(files(), makers)
    found = catalogue_of(files(), clouds)
    assert sum(each.check_examples(found) for each in clouds) >= 2 * len(found.services)
    assert {"hikvision", "dahua", "uniview", "xiongmai", "axis"} <= {
        each.maker for each in found.services
    }
    assert {each.role for each in found.services} == set(ServiceRole)


def test_what_was_verified_says_where() -> None:
    """A statement is verified when someone read it in a source that can be named."""
    for each in load_clouds(files()).services:
        if each.confidence is Confidence.VERIFIED:
            assert "not re-read" not in each.source.title
            assert each.source.url or "text index" in each.source.title or each.source.read_on


def test_the_packs_in_force_hold_the_catalogue() -> None:
    found = load_packs().clouds
    assert named(found.by_host("litedev.hik-connect.com")) == "hik-connect"
    assert found.digest == files().digest("clouds")


def test_an_overlay_adds_services(tmp_path: Path) -> None:
    (tmp_path / "clouds").mkdir()
    added = FILE | {"services": [service(hosts=["acme-cams.example"], id="ours")], "maker": "axis"}
    added["services"][0]["examples"] = [{"host": "acme-cams.example"}]
    (tmp_path / "clouds" / "ours.yaml").write_bytes(content(added))
    found = load_clouds(find_pack_files((tmp_path,)))
    assert named(found.by_host("x.acme-cams.example")) == "ours"
    assert named(found.by_host("connect.axis.com")) == "axis-connect"


def test_an_overlay_that_replaces_a_file_must_say_so(tmp_path: Path) -> None:
    (tmp_path / "clouds").mkdir()
    (tmp_path / "clouds" / "axis.yaml").write_bytes(content(FILE))
    with pytest.raises(PackError, match="replaces a shipped file"):
        find_pack_files((tmp_path,))
