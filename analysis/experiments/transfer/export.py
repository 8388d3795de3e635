"""A classifier as one zip, made in memory: weights, names, a card and a script that asks it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import save

from analysis.experiments.folder import KEPT
from analysis.experiments.transfer.card import card
from analysis.experiments.transfer.classifier import Classifier

WEIGHTS, LABELS, CARD, SCRIPT = "weights.safetensors", "labels.json", "model_card.md", "predict.py"
_SCRIPT = Path(__file__).with_name("predict_script.py")


def zipped(classifier: Classifier) -> bytes:
    """The four files; the same classifier gives the same bytes."""
    state = {name: value.contiguous() for name, value in classifier.module.state_dict().items()}
    files = {
        WEIGHTS: save(state),
        LABELS: labels(classifier).encode(),
        CARD: card(classifier).encode(),
        SCRIPT: _SCRIPT.read_bytes(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # of a fixed date
    return buffer.getvalue()


def file_name(classifier: Classifier) -> str:
    """What a download is called: no name of a class is in it."""
    return f"{classifier.key}-{len(classifier.classes)}-classes.zip"


def labels(classifier: Classifier) -> str:
    """What the script has to know beside the weights, as JSON.

    `square` is the side in pixels to which the middle of a picture is brought first.
    """
    found = {
        "network": classifier.key,
        "options": dict(classifier.options),
        "classes": list(classifier.classes),
        "preprocessing": {"square": KEPT, **asdict(classifier.preprocessing)},
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
