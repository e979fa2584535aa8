"""The Panasonic search: a broadcast, answered to a port of its own."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="panasonic.search",
    title="Panasonic and i-PRO search (this form of the request is unproven)",
    port=10670,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
    reply_port=10669,
)
