"""The Vivotek search: a broadcast, answered to whoever asked."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="vivotek.search",
    title="Vivotek search",
    port=10000,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda nonce: (encode_search(nonce),),
    read=read_reply,
)
