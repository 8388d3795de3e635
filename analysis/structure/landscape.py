"""The whole catalogue as points of a chart: what each network costs, and what it reaches.

The counts are read from the catalogue that ships, which a test keeps equal to what the code counts,
so that no class waits for 136 networks to be traced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

import cnn_models
from analysis.amounts import listed
from analysis.structure import accuracy, catalogue
from analysis.structure.relatives import FAMILY_NAMES

IMAGENET, SMALL, ALL = "imagenet", "small", "all"
# Which networks: those for images of ImageNet's size, those for 32 × 32 pixels, or all.
SIZES = {IMAGENET: "ImageNet", SMALL: "32 × 32", ALL: "All"}

ACCURACY, TOP5, PARAMS = "accuracy", "top5", "params"
_ACCURACIES = {
    IMAGENET: {ACCURACY: accuracy.TOP1, TOP5: accuracy.TOP5},
    SMALL: {ACCURACY: accuracy.CIFAR10},
    ALL: {},  # nothing measures all of them
}
_LABELS = {
    accuracy.TOP1: "Top-1 accuracy",
    accuracy.TOP5: "Top-5 accuracy",
    accuracy.CIFAR10: "CIFAR-10 accuracy",
}
_LARGEST_SMALL = 32  # pixels: MNIST's digits and CIFAR's images


def heights(size: str) -> dict[str, str]:
    """What can be compared between networks of one size of image: names, and labels to read."""
    measured = {name: _LABELS[quantity] for name, quantity in _ACCURACIES[size].items()}
    return measured | {PARAMS: "Parameters"}


def bases(size: str, height: str) -> tuple[str, ...]:
    """Whose accuracies there are to choose from; none where no accuracy is shown."""
    if height == PARAMS:
        return ()
    return (accuracy.PAPER,) if size == SMALL else tuple(accuracy.BASES)


def table(
    size: str, height: str, basis: str = accuracy.PUBLIC, focus: Iterable[str] = ()
) -> pd.DataFrame:
    """One row a network of that size of image, in teaching order, indexed by key.

    Networks in `focus` that the catalogue lacks, such as those that a search found, come last.

    Columns: "network", "family", "family name", "year", "input" (text, C × H × W), "parameters",
    "multiply-adds", "activations" (values written for one image), "depth", and, unless `height` is
    PARAMS, "accuracy" (percent, float64, NaN where nobody states it), "protocol", "source",
    "one crop" (bool) and "measured at" (side of the crop in pixels, 0 where it is not said).

    Raises:
        ValueError: if networks of that size cannot be compared by that height.
        UnknownModel: if there is no network that is in focus.
    """
    if height not in heights(size):
        raise ValueError(f"{SIZES[size]} networks have no {height!r}: {', '.join(heights(size))}.")
    rows = catalogue.including(focus)
    rows = rows.loc[[_is_of(spec_input, size) for spec_input in rows["input"]], list(_COUNTED)]
    rows.insert(2, "family name", rows["family"].map(FAMILY_NAMES))
    if height == PARAMS:
        return rows
    found = {key: _figure(str(key), _ACCURACIES[size][height], basis) for key in rows.index}
    return rows.join(pd.DataFrame.from_dict(found, orient="index"))


_COUNTED = (
    "network",
    "family",
    "year",
    "input",
    "parameters",
    "multiply-adds",
    "activations",
    "depth",
)


def side(spec_input: str) -> int:
    """The height in pixels of an input such as "3 × 224 × 224"."""
    return int(spec_input.split(" × ")[1])


def _is_of(spec_input: str, size: str) -> bool:
    return size == ALL or (side(spec_input) <= _LARGEST_SMALL) == (size == SMALL)


def _figure(key: str, quantity: str, basis: str) -> dict[str, object]:
    found = accuracy.figure(cnn_models.spec(key), quantity, basis)
    if found is None:
        return {
            "accuracy": float("nan"),
            "protocol": "",
            "source": "",
            "one crop": False,
            "measured at": 0,
        }
    return {
        "accuracy": found.accuracy,
        "protocol": found.protocol,
        "source": found.source,
        "one crop": found.one_crop,
        "measured at": found.crop or 0,
    }


def shown(
    rows: pd.DataFrame, families: Collection[str] = (), until: int | None = None
) -> pd.DataFrame:
    """The rows of `table` that a chart can show: of these families, or of all; up to a year.

    Networks whose accuracy nobody states are left out where the table is about accuracy.
    """
    kept = rows if "accuracy" not in rows else rows.loc[rows["accuracy"].notna()]
    if families:
        kept = kept.loc[kept["family"].isin(list(families))]
    return kept if until is None else kept.loc[kept["year"] <= until]


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose accuracy was measured with one crop, or all rows where none was.

    Many crops make any network look better, so a network that had one crop must not be held
    against one that had many.
    """
    alike = rows.loc[rows["one crop"]]
    return rows if alike.empty else alike


def not_comparable(rows: pd.DataFrame) -> str:
    """How many of the rows `comparable` leaves out, in a sentence; or nothing."""
    other = len(rows) - len(comparable(rows))
    return f"Measured in another way than with one crop, and left out: {other}." if other else ""


def left_out(rows: pd.DataFrame, kept: pd.DataFrame, families: Collection[str] = ()) -> str:
    """How many networks of the table are not shown, and why, in a sentence; or nothing."""
    of = rows if not families else rows.loc[rows["family"].isin(list(families))]
    unmeasured = sum(of["accuracy"].isna()) if "accuracy" in of else 0
    later = len(of) - unmeasured - len(kept)
    reasons = []
    if unmeasured:
        reasons.append(f"{unmeasured} have no accuracy of this kind")
    if later:
        reasons.append(f"{later} came later")
    if not reasons:
        return ""
    return f"{len(kept)} of {len(of)} networks are shown: {listed(reasons)}."


def without_a_bubble(focus: Iterable[str], kept: pd.DataFrame, size: str) -> str:
    """Which networks in focus a chart of the rows `kept` does not show, and why; or nothing."""
    reasons = []
    for key in focus:
        spec = cnn_models.spec(key)
        if key in kept.index:
            continue
        fits = _is_of(" × ".join(map(str, spec.input_shape)), size)
        why = (
            "nobody states this accuracy for it, or the choices below leave it out"
            if fits
            else f"its images are of {spec.input_shape[1]} pixels"
        )
        reasons.append(f"{spec.display_name} ({why})")
    return f"In focus, but without a bubble here: {listed(reasons)}." if reasons else ""


def nothing(size: str, height: str, basis: str, families: Collection[str], until: int) -> str:
    """What would help where `shown` leaves no row of the `table` of size, height and basis."""
    names = listed([FAMILY_NAMES[family] for family in families]) if families else "any family"
    if shown(table(size, PARAMS), families).empty:
        return (
            f"No network of {names} is for images of this size. Choose another size, or more "
            "families."
        )
    measured = shown(table(size, height, basis), families)
    if measured.empty:
        others = [
            f'"{accuracy.BASES[other].label}"'
            for other in bases(size, height)
            if not shown(table(size, height, other), families).empty
        ]
        elsewhere = f", or accuracies of {listed(others)}" if others else ""
        return (
            f"Nobody states this accuracy for a network of {names}. Choose the parameters as "
            f"height{elsewhere}."
        )
    return (
        f"No such network of {names} was there in {until}. The first came in "
        f"{measured['year'].min()}: move the year to the right."
    )


def measured_elsewhere(rows: pd.DataFrame) -> list[str]:
    """Names of networks whose accuracy was measured at another size than they are counted at."""
    if "measured at" not in rows:
        return []
    return [
        str(row["network"])
        for row in rows.to_dict("records")
        if row["measured at"] and row["measured at"] != side(row["input"])
    ]


def recipes(rows: pd.DataFrame, most: int = 3) -> str:
    """Whose weights reach much more than their paper prints for one crop: training, not network.

    Empty where no network of the rows gains `_MUCH` points or more.
    """
    gains = {
        str(row["network"]): _gain(str(key), row["accuracy"])
        for key, row in rows.to_dict("index").items()
    }
    large = sorted((n for n in gains if gains[n] >= _MUCH), key=lambda n: -gains[n])
    if not large:
        return ""
    named = [f"{name} by {gains[name]:.1f}" for name in large[:most]]
    return (
        "Training matters too: these weights reach more than the papers print for one crop, "
        f"{listed(named)} points."
    )


_MUCH = 3.0  # points of top-1 accuracy


def _gain(key: str, reached: float) -> float:
    """Points of accuracy above what is printed for one crop; 0 where nothing is."""
    found = accuracy.figure(cnn_models.spec(key), accuracy.TOP1, accuracy.PAPER)
    return reached - found.accuracy if found and found.one_crop else 0.0


def protocols(rows: pd.DataFrame, basis: str) -> list[str]:
    """How the accuracies of the rows were measured, and what spoils a comparison."""
    on_cifar = all(side(text) <= _LARGEST_SMALL for text in rows["input"])
    said = [_ON_CIFAR if on_cifar else accuracy.BASES[basis].sentence]
    other = sum(~rows["one crop"])
    if other:
        said.append(
            f"{other} of them, drawn as diamonds, were measured in another way than with one crop, "
            "so they do not compare with the circles; the pointer shows how."
        )
    elsewhere = measured_elsewhere(rows)
    if elsewhere:
        said.append(
            f"{listed(elsewhere)} {'was' if len(elsewhere) == 1 else 'were'} measured at another "
            "size of image than multiply-adds are counted for; the pointer shows both."
        )
    if basis != accuracy.PAPER and any(rows["accuracy"].notna()):
        said.append(recipes(rows))
    return list(filter(None, said))


_ON_CIFAR = (
    "Accuracies are printed by the papers for one network on the test set of CIFAR-10; training "
    "and preparation of the images differ, and the pointer shows what each paper says."
)
