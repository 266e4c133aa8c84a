"""The bench: what it runs and writes; how fast anything is, no test says."""

from __future__ import annotations

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
    (Run(1.0, 350_000, 1, 10.0, 200.0), Run(1.0, 350_000, 2, 5.0, 210.0)),
    {"import typer": 0.1, "import tongbao": 0.05},
)


def test_the_page_tells_ratios(tmp_path: Path) -> None:
    page = page_of(FOUND, command="tongbao bench")
    assert "| jieba.posseg | 8,000 | 5.00 |" in page
    assert "| 1.0 | 2 | 5.0 | 70,000 | 2.00 | 210 |" in page
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


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(InputError, match="ends with 3"):
        module._measured(["python3", "-c", "raise SystemExit(3)"])
