"""The reviewed list of addresses that a web server may be asked for without having named them.

1. On it is what makers serve to everybody by design: it answers without a login, starts no
   session, changes nothing, and is no picture, stream, setting or log.
2. What can be read only through a flaw is not on it, even where it would tell the maker.
3. Each is asked for only where the page shows a sign of its maker, so that a printer is never
   asked for a camera's page.

Looked at and left out: ``/SDK/webLanguage`` (Hikvision: exists where a flaw does), ``/ISAPI/``,
``/LAPI/``, ``/stw-cgi/`` and ``/axis-cgi/`` (answer 401, and some count it as a failed login),
``/RPC2_Login`` (Dahua: a login challenge), ``/rcp.xml`` (Bosch: a command interface).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: HTML, "Link type icon": what a browser asks for where a page names no icon.
ICON: Final = b"/favicon.ico"

#: Web servers of Hikvision and those it builds for (device-signals 1.10; V: SIG, idx:23337115442).
_HIKVISION_SERVER: Final = rb"App-webs/|DNVRS-Webs|DVRDVS-Webs|Hikvision-Webs|DVS-Webs"


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPath:
    """An address, and the sign in ``Server`` or page without which it is not asked for."""

    target: bytes
    sign: re.Pattern[bytes]
    reason: str


VENDOR_PATHS: Final = (
    # device-signals 1.10 (V: idx:23337115442, idx:56736052719). The login form itself, to which
    # the root leads by a script that some builds assemble from pieces. Static; the session begins
    # with a later request to /ISAPI/ that is never sent.
    VendorPath(
        target=b"/doc/page/login.asp",
        sign=re.compile(rb"(?i)doc/page/login\.asp"),
        reason="the login page, served to anyone who has to log in",
    ),
    # device-signals 1.10 (V: idx:70868288381). The same of newer builds, a static shell.
    VendorPath(
        target=b"/doc/index.html",
        sign=re.compile(rb"(?i)doc/index\.html"),
        reason="the login page of newer builds, served to anyone who has to log in",
    ),
    # device-signals 1.7 (V: idx:67168431524). A UPnP description is public by its standard: UPnP
    # Device Architecture 1.1, 2.1 has any control point fetch it with a plain GET.
    VendorPath(
        target=b"/upnpdevicedesc.xml",
        sign=re.compile(rb"(?i)doc/page/login\.asp|doc/index\.html|(?:%s)" % _HIKVISION_SERVER),
        reason="the UPnP description, which announces the device to its network",
    ),
)
