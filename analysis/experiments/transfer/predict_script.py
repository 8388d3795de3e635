"""Ask the classifier beside this file: `python predict.py picture.png`.

It needs CNN Atlas, which is found where this is run in the project's folder, or with that folder in
PYTHONPATH, and of the rest only numpy, Pillow, torch and safetensors.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file

HERE = Path(__file__).resolve().parent
sys.path.append(str(Path.cwd()))  # the project's folder, where this is run in it
import cnn_models  # noqa: E402 - it is found through the line above

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
    "lanczos": Image.Resampling.LANCZOS,
}


def load_network(labels: dict) -> torch.nn.Module:
    """The network with its weights, in evaluation mode."""
    model = cnn_models.build(
        labels["network"], num_classes=len(labels["classes"]), **labels["options"]
    )
    model.load_state_dict(load_file(HERE / "weights.safetensors"))
    return model.eval()


def read(path: str, steps: dict) -> torch.Tensor:
    """A picture as the network takes it: (1, 3, crop, crop)."""
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    side, resize, crop = steps["square"], steps["resize"], steps["crop"]
    image = ImageOps.fit(image, (side, side), Image.Resampling.BILINEAR)  # the middle
    if resize != side:
        image = image.resize((resize, resize), FILTERS[steps["interpolation"]])
    edge = round((resize - crop) / 2)
    image = image.crop((edge, edge, edge + crop, edge + crop))
    values = torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255
    mean, std = (torch.tensor(steps[name])[:, None, None] for name in ("mean", "std"))
    return ((values - mean) / std)[None]


def main() -> None:
    """Write each class with its probability, the most probable first."""
    labels = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
    model = load_network(labels)
    for path in sys.argv[1:]:
        with torch.no_grad():
            shares = model(read(path, labels["preprocessing"])).softmax(1)[0]
        sys.stdout.write(f"{path}\n")
        for place in shares.argsort(descending=True).tolist():
            sys.stdout.write(f"{float(shares[place]):.6f}  {labels['classes'][place]}\n")


if __name__ == "__main__":
    main()
