"""The VStarcam search: a broadcast, answered to the port that it is sent to."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="vstarcam.search",
    title="VStarcam search",
    port=8600,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
    reply_port=8600,
)
