"""Fields that ONVIF replies show: who made the device, what it calls itself, what it offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.leaves import Leaf, XmlLeaves
from camaudit.wirekit.mac import normalise_mac
from camaudit.wirekit.secrets import blank

from .codec import Scopes, body_of, decode_envelope, decode_http, decode_scopes

_PROTOCOL: Final = "onvif"
#: Element -> the element around it -> field. A fragment may have lost the element around it.
_FIELDS: Final = {
    "Manufacturer": ("GetDeviceInformationResponse", "manufacturer"),
    "Model": ("GetDeviceInformationResponse", "model"),
    "FirmwareVersion": ("GetDeviceInformationResponse", "firmware"),
    "SerialNumber": ("GetDeviceInformationResponse", "serial"),
    "HardwareId": ("GetDeviceInformationResponse", "hardware_id"),
    "Namespace": ("Service", "service_namespace"),
    "Name": ("HostnameInformation", "hostname"),
    "GUID": ("GetEndpointReferenceResponse", "endpoint_reference"),
}
#: SOAP 1.2 5.4 and SOAP 1.1 4.4. The prefixes in the codes differ between firmware families.
_FAULT_TEXTS: Final = frozenset({"Value", "Text", "faultcode", "faultstring"})
#: ONVIF Core, GetSystemDateAndTime: ``UTCDateTime`` holds ``Date`` and ``Time``.
_TIME: Final = ("Year", "Month", "Day", "Hour", "Minute", "Second")
#: GetScopesResponse has one scope an element (a blank in it is part of it), WS-Discovery a list.
_SCOPE_ITEM: Final = "ScopeItem"
_SCOPE_LIST: Final = "Scopes"
#: ONVIF Core, "Scope parameters", has MacAddress; Hikvision and Hanwha write MAC, Uniview macaddr
#: (device-signals 1.6). Behind a router this may be all that names the hardware address.
_MACS: Final = frozenset({"mac", "macaddr", "macaddress"})
#: The standard has no category for the maker, so firmware invents one: Jovision writes b, a Dahua
#: build for Amcrest mfr.
_MANUFACTURER: Final = frozenset({"b", "brand", "make", "mfg", "mfr", "vendor"})


def observe(message: XmlLeaves) -> tuple[Seen, ...]:
    """Return what an envelope shows."""
    return tuple(dict.fromkeys((*_seen(message.leaves), *_utc_time(message.leaves))))


def observe_scopes(message: Scopes) -> tuple[Seen, ...]:
    """Return one field a scope category and value, and the hardware address that one gives."""
    return tuple(dict.fromkeys(_of_scopes(message)))


def expand_scopes(value: bytes) -> tuple[Seen, ...]:
    """Read ``ws-discovery.scopes``."""
    return observe_scopes(decode_scopes(value))


def expand_envelope(value: bytes) -> tuple[Seen, ...]:
    """Read ``onvif.<Operation>Response``."""
    return observe(decode_envelope(value))


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``onvif.response``: an envelope, bare or in HTTP replies.

    A refusal often has no envelope; its ``Server`` and challenge are shown as fields of HTTP.
    """
    if value.lstrip()[:5].upper() != b"HTTP/":
        return expand_envelope(value)
    seen = (one for message in decode_http(value) for one in _reply(message))
    return tuple(dict.fromkeys(seen))


def _of_scopes(message: Scopes) -> Iterator[Seen]:
    for scope in message.onvif:
        if scope.value:
            yield Seen(_PROTOCOL, f"scope_{_called(scope.category)}", blank(scope.value))
        mac = normalise_mac(scope.value.decode("ascii", "replace"))
        if mac is not None and scope.category in _MACS:
            yield Seen("mac", "address", mac.encode())


def _called(category: str) -> str:
    return "manufacturer" if category in _MANUFACTURER else category


def _reply(message: HeadedMessage) -> Iterator[Seen]:
    for field, name in (("server", b"server"), ("www_authenticate", b"www-authenticate")):
        for value in message.values(name):
            if value:
                yield Seen("http", field, blank(value))
    try:
        yield from observe(decode_envelope(body_of(message)))
    except DecodeError:
        # The body of a refusal is often HTML, or missing.
        return


def _seen(leaves: Iterable[Leaf]) -> Iterator[Seen]:
    for leaf in leaves:
        if leaf.name in (_SCOPE_ITEM, _SCOPE_LIST):
            yield from _scopes(leaf.text)
        elif field := _field(leaf):
            yield Seen(_PROTOCOL, field, blank(leaf.text.encode()))
        elif leaf.name == "XAddr" and "Capabilities" in leaf.path[:-2]:
            yield Seen(_PROTOCOL, "capability", leaf.parent.encode())


def _field(leaf: Leaf) -> str:
    if not leaf.text:
        return ""
    if leaf.name in _FAULT_TEXTS and "Fault" in leaf.path:
        return "fault"
    parent, field = _FIELDS.get(leaf.name, (None, ""))
    return field if parent is not None and leaf.parent in ("", parent) else ""


def _utc_time(leaves: Iterable[Leaf]) -> Iterator[Seen]:
    """Yield the time that the device believes it is, where it is whole and exists."""
    parts = {leaf.name: leaf.text for leaf in leaves if "UTCDateTime" in leaf.path}
    texts = [parts.get(name, "") for name in _TIME]
    if all(text.isascii() and text.isdigit() and len(text) <= len("2000") for text in texts):
        try:
            at = datetime(*map(int, texts), tzinfo=UTC)  # type: ignore[arg-type, misc]
        except ValueError:
            return
        yield Seen(_PROTOCOL, "utc_time", at.isoformat().replace("+00:00", "Z").encode())


def _scopes(text: str) -> tuple[Seen, ...]:
    try:
        return expand_scopes(text.encode())
    except DecodeError:
        return ()
