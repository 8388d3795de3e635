from __future__ import annotations

from pathlib import Path


class WeightsUnavailable(RuntimeError):
    """These weights are not at hand; the message says which file is wanted and where it goes.

    `url`, `path` and `command` repeat the parts of the message that a page may want to show apart;
    they are None where nothing can be fetched.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        path: Path | None = None,
        command: str | None = None,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.path = path
        self.command = command


class CorruptWeights(WeightsUnavailable):
    """The file is there, but it is no state dict, or not one of the network it is meant for."""
