"""Where files are kept that can be made or fetched again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Folder of the atlas in the user's cache; it may not exist yet.

    It is under `XDG_CACHE_HOME` where that is set, else where the system keeps caches.
    """
    return _of_all_programs() / "cnn-atlas"


def _of_all_programs() -> Path:
    if folder := os.environ.get("XDG_CACHE_HOME"):
        return Path(folder)
    if sys.platform == "win32" and (folder := os.environ.get("LOCALAPPDATA")):
        return Path(folder)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
