"""Bytes and messages of SNMP: questions that read, and responses.

1. Messages are written and read by pysnmp's protocol module; its engine is not used.
2. Of operations only GET and GETBULK can be written, and of what comes back only responses are
   read. SET and notifications can be neither written nor read.
3. The community is a secret: it is not part of a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly
from camaudit.wirekit.codec import Codec

#: RFC 3417 3.2: no message is larger than a datagram; agents stay below 1500 bytes.
MAX_MESSAGE_BYTES: Final = 8192
#: Ours. A response to GETBULK has as many as were asked for.
MAX_BINDINGS: Final = 128
#: RFC 2578 3.5: an object id has at most 128 numbers of at most 2^32-1.
MAX_OID_CHARS: Final = 1408

#: Everything that this codec can ask of a device (RFC 3416 4.2.1, 4.2.3).
VERBS: Final[Mapping[str, object]] = {"get": "GetRequest-PDU", "get_bulk": "GetBulkRequest-PDU"}
_OID: Final = re.compile(r"[012](?:\.[0-9]{1,10}){1,127}")


class ValueKind(StrEnum):
    """What kind of value a binding has; ``END``: the table is over (RFC 3416 3)."""

    TEXT = "text"
    INTEGER = "integer"
    OID = "oid"
    ADDRESS = "address"
    NONE = "none"
    END = "end"


class Binding(NamedTuple):
    """An object and its value: bytes of a text, else what a person would write."""

    oid: str
    kind: ValueKind
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an agent answers."""

    request: int
    error: int
    bindings: tuple[Binding, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def encode_get(oids: tuple[str, ...], request: int, community: bytes) -> bytes:
    """Write a question for single objects."""
    from pysnmp.proto.api import v2c

    pdu = v2c.GetRequestPDU()
    v2c.apiPDU.set_defaults(pdu)
    return _question(pdu, oids, request, community)


def encode_get_bulk(oid: str, repetitions: int, request: int, community: bytes) -> bytes:
    """Write a question for the objects that follow one."""
    from pysnmp.proto.api import v2c

    pdu = v2c.GetBulkRequestPDU()
    v2c.apiBulkPDU.set_defaults(pdu)
    v2c.apiBulkPDU.set_non_repeaters(pdu, 0)
    v2c.apiBulkPDU.set_max_repetitions(pdu, min(repetitions, MAX_BINDINGS))
    return _question(pdu, (oid,), request, community)


def decode_response(data: bytes) -> Response:
    """Read a response; raise ``DecodeError`` for anything else."""
    from pyasn1.codec.ber import decoder
    from pyasn1.error import PyAsn1Error
    from pysnmp.proto.api import v2c
    from pysnmp.proto.error import ProtocolError

    if len(data) > MAX_MESSAGE_BYTES:
        raise DecodeError(f"an SNMP message has at most {MAX_MESSAGE_BYTES} bytes")
    try:
        message, _ = decoder.decode(data, asn1Spec=v2c.Message())
        pdu = v2c.apiMessage.get_pdu(message)
        if not isinstance(pdu, v2c.ResponsePDU):
            raise DecodeError("an SNMP message that is no response")
        found = v2c.apiPDU.get_varbinds(pdu)
        if len(found) > MAX_BINDINGS:
            raise DecodeError(f"more than {MAX_BINDINGS} objects in a response")
        return Response(
            request=int(v2c.apiPDU.get_request_id(pdu)),
            error=int(v2c.apiPDU.get_error_status(pdu)),
            bindings=tuple(_binding(oid, value) for oid, value in found),
        )
    except (PyAsn1Error, ProtocolError, ValueError, TypeError, LookupError, OverflowError) as error:
        # what pyasn1 lets through where bytes are no ASN.1 at all
        raise DecodeError("not a readable SNMP message") from error
    except RecursionError as error:
        raise DecodeError("an SNMP message nested too deep") from error


def encode_response(message: Response) -> bytes:
    """Write a response, with an empty community."""
    from pysnmp.proto.api import v2c

    pdu = v2c.ResponsePDU()
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, message.request)
    v2c.apiPDU.set_error_status(pdu, message.error)
    v2c.apiPDU.set_varbinds(pdu, [(each.oid, _value(each)) for each in message.bindings])
    return _message(pdu, b"")


def response_parts(message: Response) -> tuple[object, ...]:
    """Return the parts of a response in the order of its bytes."""
    return (message.request, message.error, *message.bindings)


def _question(pdu: Any, oids: tuple[str, ...], request: int, community: bytes) -> bytes:
    from pysnmp.proto.api import v2c

    if not all(_OID.fullmatch(oid) for oid in oids):
        raise ValueError("not an object id")
    v2c.apiPDU.set_request_id(pdu, request)
    v2c.apiPDU.set_varbinds(pdu, [(oid, v2c.null) for oid in oids])
    return _message(pdu, community)


def _message(pdu: Any, community: bytes) -> bytes:
    from pyasn1.codec.ber import encoder
    from pysnmp.proto.api import v2c

    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community)
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def _binding(oid: Any, value: Any) -> Binding:
    from pysnmp.proto.api import v2c

    name = str(oid)
    if len(name) > MAX_OID_CHARS:
        raise DecodeError("an object id longer than there are")
    if isinstance(value, v2c.univ.Null):
        # pyasn1 has it below OctetString, so it is looked for first
        over = isinstance(value, v2c.EndOfMibView)
        return Binding(name, ValueKind.END if over else ValueKind.NONE, b"")
    if isinstance(value, v2c.IpAddress):
        return Binding(name, ValueKind.ADDRESS, value.prettyPrint().encode())
    if isinstance(value, v2c.univ.OctetString):
        return Binding(name, ValueKind.TEXT, bytes(value))
    if isinstance(value, v2c.univ.ObjectIdentifier):
        return Binding(name, ValueKind.OID, str(value).encode())
    if isinstance(value, v2c.univ.Integer):
        return Binding(name, ValueKind.INTEGER, b"%d" % int(value))
    return Binding(name, ValueKind.NONE, b"")


def _value(binding: Binding) -> Any:
    from pysnmp.proto.api import v2c

    kind, value = binding.kind, binding.value
    if kind is ValueKind.TEXT:
        return v2c.OctetString(value)
    if kind is ValueKind.OID:
        return v2c.ObjectIdentifier(value.decode())
    if kind is ValueKind.ADDRESS:
        return v2c.IpAddress(value.decode())
    if kind is ValueKind.INTEGER:
        number = int(value)
        return v2c.Integer32(number) if number < 0 else v2c.Counter64(number)
    return v2c.EndOfMibView() if kind is ValueKind.END else v2c.NoSuchObject()


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "response": Codec(decode=decode_response, encode=encode_response, parts=response_parts)
}
