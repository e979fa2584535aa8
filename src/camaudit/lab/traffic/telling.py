"""Tell what happened, when all of it has."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from camaudit.model.words import Kind

from . import frames
from .bulk import LARGE, SMALL_BYTES, Flow, Press, Sort
from .life import Life
from .site import SEGMENTS, Host, Site
from .truth import Conversation, DeviceTruth, Diary, Secrets, moment


def tell(site: Site, life: Life, diary: Diary, press: Press) -> dict[str, Any]:
    """Return the parts of the truth that come from the site and its diary."""
    return {
        "sentinel": _sentinel(site),
        "devices": [_device(each, site, diary) for each in site.hosts],
        "sent": {mac.hex(":"): count for mac, count in sorted(diary.sent.items())},
        "conversations": [_conversation(each, press) for each in life.flows],
        "secrets": Secrets(
            names=sorted(diary.names),
            credentials=sorted(diary.credentials),
            media=sorted(diary.media),
            texts=sorted(diary.texts),
        ),
    }


def _sentinel(site: Site) -> dict[str, str] | None:
    kind = site.settings.sentinel
    if kind == "none":
        return None
    sensor = site.one("sensor").port
    router = site.router(sensor.segment)
    return {"kind": kind, "from": str(sensor.address), "to": str(router.address)}


def _device(host: Host, site: Site, diary: Diary) -> DeviceTruth:
    truth = host.device.persona.truth if host.device else None
    ports: dict[str, list[str]] = {}
    places = [site.router(each) for each in SEGMENTS.values()] if host.role == "router" else []
    for port in places or host.ports:
        told = ports.setdefault(port.mac.hex(":"), [])
        told.append(str(port.address))
        if site.settings.ipv6:
            told.append(str(port.address6))
    return DeviceTruth(
        mac=host.mac.hex(":"),
        name=host.name,
        role=host.role,
        kind=(truth.kind if truth else Kind.UNKNOWN).value,
        maker=truth.maker if truth else None,
        brand=truth.brand if truth else "",
        model=truth.model if truth else "",
        serial=host.device.serial if host.device else "",
        hostname=host.hostname,
        segment=host.port.segment.name,
        ports=ports,
        surveillance=host.watched,
        private=host.private,
        restarts=[moment(at) for at in diary.restarts.get(host.name, [])],
        contacts=diary.contacts.get(host.name, []),
        mappings=diary.mappings.get(host.name, []),
        sent=sum(diary.sent[bytes.fromhex(mac.replace(":", ""))] for mac in ports),
    )


def _conversation(flow: Flow, press: Press) -> Conversation:
    """Tell a flow as a reader of captures should: who sent the first datagram is the client."""
    over = 14 + 4 * len(flow.link.vlans)
    large = flow.bursts_seen * LARGE * (press.size - over)
    small = flow.bursts_seen * (SMALL_BYTES - over)
    client, server = flow.link.client, flow.link.server
    ports, out, back = flow.ports, flow.packets_out, flow.packets_back
    octets = (small, large)
    if flow.sort is Sort.RTP:
        client, server, ports = server, client, (ports[1], ports[0])
        out, back, octets = back, out, (large + small, 0)
    return Conversation(
        client=str(ip_address(client.address)),
        server=str(ip_address(server.address)),
        client_mac=client.mac.hex(":"),
        server_mac=server.mac.hex(":"),
        vlan=flow.link.vlans[0] if flow.link.vlans else None,
        protocol=frames.UDP if flow.sort is Sort.RTP else frames.TCP,
        client_port=ports[0],
        server_port=ports[1],
        sort=flow.sort.value,
        packets_out=out,
        packets_back=back,
        bytes_out=octets[0],
        bytes_back=octets[1],
        first=None if flow.first is None else moment(flow.first),
        last=None if flow.last is None else moment(flow.last),
    )
