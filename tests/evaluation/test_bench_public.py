"""Public sets, made up in their formats: trained on, scored, and put beside published figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

QUICK = ("--components.ner.fit.epochs", "2", "--components.ner.fit.bags", "1", "--n-boot", "20")
TITLES = ("镇长", "书记", "会计")
NAMES = ("林一舟", "周石", "吴同春", "郑小满", "陈望")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tongbao", "bench-public", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    folder = tmp_path / "sets"
    (folder / "resume").mkdir(parents=True)
    sentences = [bmes(title, name) for title in TITLES for name in NAMES]
    for part in ("train", "test"):
        (folder / "resume" / f"{part}.char.bmes").write_text("\n".join(sentences), encoding="utf-8")
    return folder


def bmes(title: str, name: str) -> str:
    rows = []
    for text, label in ((title, "TITLE"), (name, "NAME"), ("来了。", "")):
        for place, character in enumerate(text):
            tag = "B" if place == 0 else "E" if place == len(text) - 1 else "M"
            rows.append(f"{character} {tag}-{label}" if label else f"{character} O")
    return "\n".join(rows) + "\n"


def test_a_set_is_trained_on_and_stands_beside_others(sets: Path, tmp_path: Path) -> None:
    result = run(sets, "--set", "resume", "--output", tmp_path / "out", *QUICK)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    ours = next(line for line in lines if "tongbao crf" in line)
    assert "measured here" in ours
    assert any("Lattice LSTM" in line and "94.46" in line for line in lines)
    figures = run(sets, "--set", "resume", "--output", tmp_path / "out", "--json", *QUICK)
    rate = json.loads(figures.stdout)["sets"]["resume"]
    assert rate["f"] > 0.9
    assert f"{100 * rate['f']:.2f}" in ours


def test_what_is_missing_is_named(sets: Path, tmp_path: Path) -> None:
    result = run(sets, "--output", tmp_path / "out", "--set", "cluener")
    assert result.returncode == 2
    assert f"{sets / 'cluener' / 'train.json'}: no such file" in result.stderr
    assert "Traceback" not in result.stderr
    # Before the other set is trained on.
    assert "training" not in run(sets, "--output", tmp_path / "out").stderr
    assert "it is one of resume, cluener" in run(sets, "--set", "msra").stderr


def test_what_training_says_is_told(sets: Path, tmp_path: Path) -> None:
    result = run(sets, "--set", "resume", "--output", tmp_path / "out", "--config", "nothing")
    assert result.returncode == 2
    assert "nothing" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
