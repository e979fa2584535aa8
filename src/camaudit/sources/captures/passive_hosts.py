"""The names of hosts that say something of who asks for them.

1. Only of these does a name become an observation of the device that asks for it; other names
   stay in the table of names alone, where minimisation finds them.
2. Below the domains of makers of devices lie their clouds. What systems of computers and telephones
   ask for unbidden tells their owners' devices from cameras: an application for cameras asks for
   the same clouds as these. Neither list holds a name that a person chose to ask for.
3. A domain stands here because a file of signatures has one for it. A test holds them together.
"""

from __future__ import annotations

from typing import Final

#: Firebase Cloud Messaging, "ports and your firewall": the names beside ``mtalk``.
_ALTERNATIVES: Final = tuple(f"alt{number}-" for number in range(1, 9))

MAKER_HOSTS: Final = frozenset(
    {
        "ajcloud.net",
        "amcrestcloud.com",
        "amcrestddns.com",
        "amcrestview.com",
        "arlo.com",
        "arlo.netgear.com",
        "autonat.com",
        "bcloud365.net",
        "blurams.com",
        "camera.home.nest.com",
        "canary.is",
        "canaryis.com",
        "cloudedge360.com",
        "dahuaddns.com",
        "dahuap2p.com",
        "dahuap2pcloud.com",
        "dahuasecurity.com",
        "dahuatech.com",
        "dlink.com",
        "dolynkcloud.com",
        "dropcam.com",
        "dvrdydns.com",
        "easy4ip.com",
        "easy4ipcloud.com",
        "eufylife.com",
        "eye4.cn",
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
        "mearicloud.com",
        "meethue.com",
        "meshare.com",
        "mydlink.com",
        "myedimax.com",
        "myfoscam.com",
        "myfoscam.org",
        "mylorex.com",
        "myskybell.com",
        "nanit.com",
        "netatmo.net",
        "petcube.com",
        "quickddns.com",
        "reolink.com",
        "ring.com",
        "samsungsmartcam.com",
        "secu100.net",
        "simplisafe.com",
        "star4live.com",
        "superlivecloud.com",
        "tiandy.com",
        "tplinkcloud.com",
        "tplinknbu.com",
        "tuyacn.com",
        "tuyaeu.com",
        "tuyain.com",
        "tuyaus.com",
        "tvt.net.cn",
        "umeye.cn",
        "uniview.com",
        "withings.net",
        "wyze.com",
        "wyzecam.com",
        "xiaoyi.com",
        "xm030.cn",
        "xmcsrv.net",
        "xmeye.net",
        "ys7.com",
        "zmodo.com",
    }
)

SYSTEM_HOSTS: Final = frozenset(
    {
        "android.clients.google.com",
        "android.googleapis.com",
        "captive.apple.com",
        "connect.rom.miui.com",
        "connectivity-check.ubuntu.com",
        "connectivitycheck.android.com",
        "connectivitycheck.gstatic.com",
        "connectivitycheck.hicloud.com",
        "connectivitycheck.platform.hicloud.com",
        "detectportal.firefox.com",
        "msftconnecttest.com",
        "msftncsi.com",
        "nmcheck.gnome.org",
        "play.googleapis.com",
        "push.apple.com",
        *(f"{alternative}mtalk.google.com" for alternative in ("", *_ALTERNATIVES)),
    }
)
TELLING_HOSTS: Final = MAKER_HOSTS | SYSTEM_HOSTS


def is_below(name: str, domains: frozenset[str]) -> bool:
    """Tell whether a name (lower case, no last dot) is one of the domains or lies below one."""
    at = 0
    while at >= 0:
        if name[at:] in domains:
            return True
        dot = name.find(".", at)
        at = dot + 1 if dot >= 0 else -1
    return False
