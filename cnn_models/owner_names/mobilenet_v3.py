"""torchvision's MobileNet v3: blocks are counted through, and layers of a block by position."""

from torch import nn

from cnn_models.owner_names import Rules


def _rules(network: nn.Module) -> Rules:
    rules, number = [(r"^features\.0\.", "stem.")], 1
    for name, stage in network.named_children():
        if not name.startswith("stage"):
            continue
        for place, block in stage.named_children():
            for position, (layer, _) in enumerate(block.named_children()):
                theirs = rf"^features\.{number}\.block\.{position}\."
                rules.append((theirs, f"{name}.{place}.{layer}."))
            number += 1
    return (
        *rules,
        (rf"^features\.{number}\.", "head."),
        (r"^(stem|head|.*\.(?:expand|depthwise|project))\.0\.", r"\1.conv."),
        (r"^(stem|head|.*\.(?:expand|depthwise|project))\.1\.", r"\1.bn."),
        (r"^classifier\.0\.", "hidden.linear."),
        (r"^classifier\.3\.", "classifier."),
    )


RULES = _rules
