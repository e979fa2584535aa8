"""The domains below which makers of devices have their clouds: names that say who made a device.

1. Only of these does a name become an observation of the device that asks for it; other names
   stay in the table of names alone, where minimisation finds them.
2. A domain stands here because a maker file has a signature for it. A test holds the two together.
"""

from __future__ import annotations

from typing import Final

MAKER_HOSTS: Final = frozenset(
    {
        ".",
        "amcrestcloud.com",
        "amcrestddns.com",
        "amcrestview.com",
        "autonat.com",
        "bcloud365.net",
        "dahuaddns.com",
        "dahuap2p.com",
        "dahuap2pcloud.com",
        "dahuasecurity.com",
        "dahuatech.com",
        "dlink.com",
        "dolynkcloud.com",
        "dvrdydns.com",
        "easy4ip.com",
        "easy4ipcloud.com",
        "ez4view.com",
        "ezviz.com",
        "ezviz7.com",
        "ezvizlife.com",
        "ezvizru.com",
        "hik-connect.com",
        "hik-online.com",
        "hik-partner.com",
        "hik-proconnect.com",
        "hikcentralconnect.com",
        "hikddns.com",
        "hiknow.com",
        "hikvision.com",
        "immedia-semi.com",
        "imou.com",
        "imoulife.com",
        "jftech.com",
        "lechange.cn",
        "lechange.com",
        "lorexddns.net",
        "lorexservices.com",
        "mydlink.com",
        "myedimax.com",
        "mylorex.com",
        "quickddns.com",
        "secu100.net",
        "star4live.com",
        "superlivecloud.com",
        "tiandy.com",
        "tvt.net.cn",
        "umeye.cn",
        "uniview.com",
        "xm030.cn",
        "xmcsrv.net",
        "xmeye.net",
        "ys7.com",
    }
)


def is_below(name: str, domains: frozenset[str]) -> bool:
    """Tell whether a name (lower case, no last dot) is one of the domains or lies below one."""
    at = 0
    while at >= 0:
        if name[at:] in domains:
            return True
        dot = name.find(".", at)
        at = dot + 1 if dot >= 0 else -1
    return False
