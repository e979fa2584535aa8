"""The Bosch search: a broadcast, answered to a port of its own."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="bosch-rcp.search",
    title="Bosch search (RCP+)",
    port=1757,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda nonce: (encode_search(nonce),),
    read=read_reply,
    reply_port=1758,
)
