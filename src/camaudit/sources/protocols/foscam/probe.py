"""The Foscam search: a broadcast, answered by a broadcast to the same port."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="foscam.search",
    title="Foscam search",
    port=10000,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
    reply_port=10000,
)
