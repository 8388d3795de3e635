"""The rules of the house are kept by the linter, and the linter keeps them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _ruff(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )


def test_linter_finds_nothing() -> None:
    result = _ruff("check", ".")
    assert result.returncode == 0, result.stdout


def test_formatter_changes_nothing() -> None:
    result = _ruff("format", "--check", ".")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("place", "forbidden"),
    [
        ("cnn_models/families/vgg.py", "import streamlit"),
        ("cnn_models/registry.py", "from analysis.structure import graph"),
        ("cnn_models/weights/public.py", "import pages.home"),
        ("analysis/structure/graph.py", "import streamlit as st"),
        ("analysis/vision/prediction.py", "from pages.parts import focus"),
    ],
)
def test_imports_point_downwards(place: str, forbidden: str) -> None:
    result = _ruff(
        "check", "--select", "TID251", "--stdin-filename", place, "-", text=f"{forbidden}\n"
    )
    assert result.returncode == 1
    assert "TID251" in result.stdout


def test_imports_that_point_downwards_are_allowed() -> None:
    text = "import cnn_models\n\nprint(cnn_models)\n"
    arguments = ("check", "--select", "TID251", "--stdin-filename", "analysis/structure/graph.py")
    assert _ruff(*arguments, "-", text=text).returncode == 0


def test_home_and_its_charts_come_without_torch() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "at = AppTest.from_file('app.py', default_timeout=60).run(); "
        "assert not at.exception, at.exception; "
        "assert at.title[0].value; "
        "assert 'torch' not in sys.modules, 'home imported torch'"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]


def test_requirements_are_pinned_to_one_version() -> None:
    for name in ("requirements.txt", "requirements-test.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            requirement = line.split("#")[0].strip()
            if requirement and not requirement.startswith("-r"):
                assert "==" in requirement, f"{name}: {requirement}"


def test_readme_states_the_accuracies_of_the_cards() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    cards = [json.loads(p.read_text(encoding="utf-8")) for p in ROOT.glob("assets/weights/*.json")]
    assert len(cards) >= 5
    for card in cards:
        accuracy = card["accuracy"]
        row = f"| `{card['key']}` | {card['dataset']} | {card['parameters']:,} | "
        row += f"{100 * accuracy['test']:.1f}% of {accuracy['n']:,} |"
        assert row in readme
