"""The card of a classifier: what it is, what it learned, how good it is, and what it cannot."""

from __future__ import annotations

import cnn_models
from analysis.amounts import percent
from analysis.experiments.transfer.classifier import Classifier
from analysis.experiments.transfer.evaluation import Evaluation

FEW = 30  # pictures held out, below which the card warns


def card(classifier: Classifier) -> str:
    """The whole card in Markdown."""
    made, spec = classifier.making, cnn_models.spec(classifier.key)
    paper = spec.paper
    sections = (
        f"# A classifier of {len(classifier.classes)} classes\n\n"
        f"{spec.display_name} ({paper.authors}, {paper.title}, {paper.venue}), which tells these "
        f"classes apart: {', '.join(classifier.classes)}.",
        f"## Where it started\n\n{made.start}.",
        f"## Data\n\n{_counts(classifier)}",
        f"## Training\n\n{made.how} Seed {made.seed}. This repeats it, with the same pictures "
        f"below FOLDER:\n\n    {made.command}",
        f"## How good it is\n\n{classifier.evaluation.summary}\n\n"
        f"{_confusion(classifier.evaluation)}",
        f"## Limits\n\n{limits(classifier)}",
    )
    return "\n\n".join(sections) + "\n"


def _counts(classifier: Classifier) -> str:
    held = dict(zip(classifier.classes, classifier.evaluation.confusion().sum(axis=1), strict=True))
    rows = [
        f"| {name} | {classifier.making.learned[name]} | {held[name]} |"
        for name in classifier.classes
    ]
    return "\n".join(["| class | learned | held out |", "| --- | ---: | ---: |", *rows])


def _confusion(evaluation: Evaluation) -> str:
    head = f"| right class | {' | '.join(evaluation.classes)} |"
    line = f"| --- |{' ---: |' * len(evaluation.classes)}"
    rows = [
        f"| {name} | {' | '.join(map(str, counts))} |"
        for name, counts in zip(evaluation.classes, evaluation.confusion(), strict=True)
    ]
    return "\n".join(["A column is an answer.\n", head, line, *rows])


def limits(classifier: Classifier) -> str:
    """What nobody should expect of the classifier, in sentences."""
    found, recipe = classifier.evaluation.accuracy, classifier.preprocessing
    few = (
        f"{found.n} pictures were held out, so that the accuracy is known to {percent(found.low)} "
        f"to {percent(found.high)} only. "
        if found.n < FEW
        else ""
    )
    return (
        f"{few}It knows no other classes and gives every picture one of these. It was judged by "
        "pictures from the same source as those that it learned; other cameras, light or "
        f"backgrounds may give other results. It sees the middle square of a picture at "
        f"{recipe.crop} × {recipe.crop} pixels. The probabilities may be too sure. It is made for "
        "teaching, not for decisions about people."
    )
