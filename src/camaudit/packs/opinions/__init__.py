"""Second opinions: what other collections say, as weak hints of an evidence group of their own.

1. None is bundled: an operator names a directory or a file, and it counts for that run.
2. They become signatures for the one matcher. Together they weigh as one ``weak`` signal, so that
   they can tip a balance and not carry an answer.
3. What cannot be used is counted by reason.
"""

from .cameras import read_camera_database
from .hints import GROUP, Hints
from .recog import read_recog

__all__ = ["GROUP", "Hints", "read_camera_database", "read_recog"]
