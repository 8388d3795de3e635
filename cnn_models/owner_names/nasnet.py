"""timm's NASNet-A large, whose names are those of TensorFlow's release."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^cell_stem_(\d+)\.", r"cells.stem_\1."),
    (r"^cell_(\d+)\.", r"cells.normal_\1."),
    (r"^reduction_cell_(\d+)\.", r"cells.reduction_\1."),
    (r"\.conv_prev_1x1\.", ".fit_before."),
    (r"\.conv_1x1\.", ".fit_last."),
    (r"\.path_(\d)\.conv\.", r".fit_before.halve.conv\1."),
    (r"\.final_path_bn\.", ".fit_before.bn."),
    (r"\.comb_iter_(\d)_(left|right)\.", r".blocks.\1.\2."),
    (r"\.separable_(\d)\.(depth|point)wise_conv2d\.", r".\2wise\1."),
    (r"\.bn_sep_(\d)\.", r".bn\1."),
    (r"^last_linear\.", "fc."),
)
