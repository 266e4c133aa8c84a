"""The bench: what it runs and writes; how fast anything is, no test says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tongbao.corpus.errors import InputError
from tongbao.corpus.notice import Notice
from tongbao.evaluation import bench as module
from tongbao.evaluation.bench import Bench, Run, Taggers, time_taggers
from tongbao.evaluation.bench_report import PICTURE, draw, page_of

FOUND = Bench(
    3,
    Taggers(1000, {"tongbao": 40_000.0, "jieba.posseg": 8_000.0}),
    (
        Run(1.0, 350_000, "local", 1, 3, 10.0, 200.0),
        Run(1.0, 350_000, "process", 2, 3, 5.0, 210.0),
        Run(1.0, 350_000, "ray", 2, 3, 20.0, None),
        Run(20.0, 7_000_000, "process", 2, 1, 80.0, 211.0),
        Run(20.0, 7_000_000, "local", 1, 1, 175.0, 200.0),
    ),
    {"import typer": 0.1, "import tongbao": 0.05},
)


def test_the_page_tells_ratios(tmp_path: Path) -> None:
    page = page_of(FOUND, command="tongbao bench")
    assert "| jieba.posseg | 8,000 | 5.00 |" in page
    assert "| 1.0 | process | 2 | 3 | 5.0 | 70,000 | 2.00 |  | 210 |" in page
    assert "| 1.0 | ray | 2 | 3 | 20.0 | 17,500 | 0.50 |  | — |" in page
    assert "| 20.0 | process | 2 | 1 | 80.0 | 87,500 | 2.19 | 1.25 | 211 |" in page
    assert "| `import tongbao` | 0.05 | 0.50 |" in page
    draw(FOUND, tmp_path / PICTURE)
    assert "jieba.posseg" in (tmp_path / PICTURE).read_text("utf-8")


def test_taggers_tag() -> None:
    rates = time_taggers(["镇长林某受到党内警告处分。"], 1)
    assert {"tongbao", "jieba.posseg", "spaCy tok2vec + ner"} <= set(rates)
    assert all(rate > 0 for rate in rates.values())


def test_an_archive_is_notices_over_and_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    characters = module._write_archive([Notice("a", "林某受贿。"), Notice("b", "周某。")], 0.001, path)
    lines = path.read_text("utf-8").splitlines()
    assert path.stat().st_size >= 0.001 * (1 << 20)
    assert characters == sum(8 if "受贿" in line else 6 for line in lines) - 3 * len(lines)


def test_engines_take_turns_and_large_archives_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def measured(command: Sequence[str]) -> float:
        asked.append(list(command[-4:]))
        return 100.0

    monkeypatch.setattr(module, "_measured", measured)
    monkeypatch.setattr(module, "_LARGE", 0.001)
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    notices = [Notice("a", "林某受贿。")]
    turns = [["--engine", "local", "--workers", "1"], ["--engine", "process", "--workers", "2"]]
    small = module._growth(notices, 0.001, 2, tmp_path)
    assert asked == turns * 2
    large = module._growth(notices, 0.002, 2, tmp_path)
    assert asked == turns * 3
    assert [(run.engine, run.rounds, run.peak_mebibytes) for run in (*small, *large)] == [
        ("local", 2, 100.0),
        ("process", 2, 100.0),
        ("local", 1, 100.0),
        ("process", 1, 100.0),
    ]


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(InputError, match="ends with 3"):
        module._measured(["python3", "-c", "raise SystemExit(3)"])
