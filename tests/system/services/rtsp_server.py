"""A media server with a test picture, and no camera; run by Debian's own Python."""

import importlib
import sys

gi = importlib.import_module("gi")
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
GLib, Gst, GstRtspServer = (
    importlib.import_module(f"gi.repository.{name}") for name in ("GLib", "Gst", "GstRtspServer")
)

Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_address(sys.argv[1])
server.set_service(sys.argv[2])
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_launch("( videotestsrc ! jpegenc ! rtpjpegpay name=pay0 pt=26 )")
server.get_mount_points().add_factory("/live", factory)
if not server.attach(None):
    sys.exit("cannot listen")
sys.stdout.write("ready\n")
sys.stdout.flush()
GLib.MainLoop().run()
