"""ipycam as a camera without a picture; run by the Python of .venv-system."""

import importlib
import os
import sys
import threading

os.environ["PATH"] = ""  # whether ffmpeg is installed here decides nothing
ipycam = importlib.import_module("ipycam")
config = ipycam.CameraConfig(
    name="Loading bay",
    manufacturer="PythonCam",
    model="VirtualCam-1",
    serial_number="PY-000417",
    firmware_version="1.3.0",
    local_ip=sys.argv[1],
)
camera = ipycam.IPCamera(config)
if not camera.start():
    sys.exit("the camera did not start")
threading.Event().wait()
