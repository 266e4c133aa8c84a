"""Parts that are joined: what comes of it is what one writer makes of all notices."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pyarrow import parquet
from stub_pipeline import stub
from tongbao.corpus.docbin import read_docbin
from tongbao.pipeline import joining
from tongbao.pipeline.joining import join
from tongbao.pipeline.tagged import TaggedNotice
from tongbao.pipeline.tagging import tag
from tongbao.pipeline.writers import WRITERS


@pytest.fixture(scope="module")
def tagged() -> list[TaggedNotice]:
    return list(tag([f"第{number}号，\n镇长林某受到诫勉谈话。" for number in range(9)], nlp=stub()))


def joined(tagged: list[TaggedNotice], folder: Path, ending: str) -> tuple[Path, Path]:
    """Write notices in parts and join them; return the result, and what is written in one go."""
    paths = []
    for number, bounds in enumerate([(0, 1), (1, 4), (4, 9)]):
        paths.append(folder / f"{number}{ending}")
        with paths[-1].open("wb") as stream:
            WRITERS[ending](tagged[slice(*bounds)], stream)
    whole, together = folder / f"whole{ending}", folder / f"together{ending}"
    with whole.open("wb") as stream:
        WRITERS[ending](tagged, stream)
    with together.open("wb") as stream:
        join(iter(paths), stream, ending=ending)
    return together, whole


@pytest.mark.parametrize("ending", [".jsonl", ".ndjson", ".csv", ".ftm.json"])
def test_lines(tagged: list[TaggedNotice], tmp_path: Path, ending: str) -> None:
    together, whole = joined(tagged, tmp_path, ending)
    assert together.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(("most", "groups"), [(1, 3), (10**9, 1)])
def test_parquet(
    tagged: list[TaggedNotice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, groups: int
) -> None:
    monkeypatch.setattr(joining, "_GROUP_BYTES", most)
    together, whole = joined(tagged, tmp_path, ".parquet")
    assert parquet.read_table(together).equals(parquet.read_table(whole))
    assert parquet.ParquetFile(together).num_row_groups == groups


def test_spacy(tagged: list[TaggedNotice], tmp_path: Path) -> None:
    together, whole = joined(tagged, tmp_path, ".spacy")
    assert list(read_docbin(together)) == list(read_docbin(whole))


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_nothing(ending: str) -> None:
    stream = io.BytesIO()
    join(iter([]), stream, ending=ending)
    assert stream.getvalue() == b""
