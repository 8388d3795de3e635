"""How often two networks say the same, and how often they are wrong in the same way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.amounts import percent


def agreement(said: np.ndarray) -> np.ndarray:
    """Share of the images for which two networks name the same class.

    Args:
        said: (M, N) the classes that M networks find most likely for N images; negative where a
            network has no answer, which leaves the image out for its pairs.

    Returns:
        (M, M), 1 on the diagonal; NaN where two networks have no image in common.
    """
    return _pairs(said, np.equal)


def same_mistakes(said: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Share of the images for which two networks name the same wrong class.

    Args:
        said: as for `agreement`.
        truth: (N,) the right classes.

    Returns:
        (M, M); the diagonal is each network's share of errors.
    """
    return _pairs(said, lambda one, two: (one == two) & (one != truth))


def _pairs(said: np.ndarray, judge) -> np.ndarray:
    said = np.asarray(said)
    found = np.full((len(said), len(said)), np.nan)
    for i, one in enumerate(said):
        for j, two in enumerate(said):
            both = (one >= 0) & (two >= 0)
            if both.any():
                found[i, j] = judge(one, two)[both].mean()
    return found


def notice(names: Sequence[str], shares: np.ndarray, images: int) -> str:
    """Which two networks agree most and least, with the numbers; empty for one network."""
    pairs = _ranked(shares)
    if not pairs:
        return ""
    (low, a, b), (high, c, d) = pairs[0], pairs[-1]
    if len(pairs) == 1:
        return (
            f"{names[a]} and {names[b]} name the same class for {percent(low)} of "
            f"{images:,} images."
        )
    return (
        f"{names[c]} and {names[d]} agree most: they name the same class for {percent(high)} of "
        f"{images:,} images. {names[a]} and {names[b]} agree least, for {percent(low)}."
    )


def mistakes_notice(said: np.ndarray, truth: np.ndarray, names: Sequence[str]) -> str:
    """Why an average can help: how many errors of two networks fall on different images."""
    pairs = _ranked(same_mistakes(said, truth))
    if not pairs:
        return ""
    _, i, j = pairs[-1]
    wrong = np.asarray(said) != truth
    one, two = (int(wrong[place].sum()) for place in (i, j))
    both = int((wrong[i] & wrong[j]).sum())
    same = int((wrong[i] & wrong[j] & (said[i] == said[j])).sum())
    overlap = f"on {both} both are, and on {same} they name the same wrong class."
    if not both:
        overlap = "on no image both are."
    return (
        f"{names[i]} is wrong on {one} of {len(truth):,} images and {names[j]} on {two}; {overlap} "
        "An average can only repair images on which the others are right, or are wrong in another "
        "way."
    )


def _ranked(shares: np.ndarray) -> list[tuple[float, int, int]]:
    """Value, row and column of each pair, the least first."""
    rows, columns = np.triu_indices(len(shares), k=1)
    return sorted(
        (float(shares[i, j]), int(i), int(j))
        for i, j in zip(rows, columns, strict=True)
        if not np.isnan(shares[i, j])
    )
