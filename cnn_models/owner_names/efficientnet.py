"""torchvision's EfficientNets: stages are counted from 0, layers of a block by position."""

from cnn_models.owner_names import Rules


def _block(stage: str, layers: tuple[str, ...]) -> Rules:
    return tuple(
        (rf"^({stage}\.\d+)\.block\.{position}\.", rf"\1.{layer}.")
        for position, layer in enumerate(layers)
    )


RULES: Rules = (
    (r"^features\.0\.", "stem."),
    (r"^features\.8\.", "head."),
    *((rf"^features\.{number}\.", f"stage{number + 1}.") for number in range(1, 8)),
    *_block("stage2", ("depthwise", "se", "project")),  # the one stage that does not widen
    *_block(r"stage[3-8]", ("expand", "depthwise", "se", "project")),
    (r"^(stem|head|.*\.(?:expand|depthwise|project))\.0\.", r"\1.conv."),
    (r"^(stem|head|.*\.(?:expand|depthwise|project))\.1\.", r"\1.bn."),
    (r"^classifier\.1\.", "classifier."),
)
