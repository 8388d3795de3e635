"""timm's SENets of 2017 (its `legacy_se…` networks)."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^layer0\.", ""),
    (r"\.se_module\.", ".se."),
    (r"^last_linear\.", "fc."),
)
