"""RTSP: what a stream server says to OPTIONS and DESCRIBE before anyone logs in."""

from __future__ import annotations

from camaudit.sources.spec import Intrusiveness, ProtocolSpec

from .observe import expand_response
from .probe import DESCRIBE

__all__ = ["SPEC"]

SPEC = ProtocolSpec(
    id="rtsp",
    title="RTSP reply",
    transport="tcp",
    ports=(554, 8554, 10554),
    intrusiveness=Intrusiveness.POLITE,
    reference="RFC 2326 (RTSP 1.0), RFC 7826 (RTSP 2.0), RFC 8866 (SDP)",
    expands={"rtsp.response": expand_response},
    dialogues=(DESCRIBE,),
)
