"""The pictures that ship, so that there is something to look at on a machine of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "assets" / "samples"
_SUITED = {"digit": "digits", "shape": "shapes"}  # by the first part of the file's name


@dataclass(frozen=True)
class Sample:
    """A picture: `name` as in the address, `label` for people, and the data that it resembles."""

    name: str
    path: Path
    resembles: str

    @property
    def label(self) -> str:
        return self.name.replace("-", " ")


def samples() -> dict[str, Sample]:
    """All pictures by name; which file is from where is said in `ORIGIN.md` beside them."""
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in {".jpg", ".png"})
    return {
        path.stem: Sample(path.stem, path, _SUITED.get(path.stem.split("-")[0], "imagenet"))
        for path in files
    }


def suited(trained_on: str) -> str:
    """Name of a picture like those that a network was trained on; any photograph else."""
    found = samples()
    for sample in found.values():
        if sample.resembles == (trained_on or "imagenet"):
            return sample.name
    return next(iter(found))
