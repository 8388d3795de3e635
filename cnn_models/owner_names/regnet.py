"""torchvision's RegNets, which call a stage a block and number the blocks after it."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^trunk_output\.block(\d)\.block\d-(\d+)\.", r"stage\1.\2."),
    (r"\.proj\.", ".projection."),
    (r"\.f\.a\.", ".conv1."),
    (r"\.f\.b\.", ".conv2."),
    (r"\.f\.c\.", ".conv3."),
    (r"\.f\.se\.", ".se."),
    (r"(stem|projection|conv[123])\.0\.", r"\1.conv."),
    (r"(stem|projection|conv[123])\.1\.", r"\1.bn."),
)
