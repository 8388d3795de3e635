"""timm's SENet-154 (its `legacy_senet154`)."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"\.se_module\.", ".se."),
    (r"^last_linear\.", "fc."),
)
