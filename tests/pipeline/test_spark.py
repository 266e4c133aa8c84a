"""Tagging on a local Spark: every row once, the same records as without it, bad rows with their reason."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tongbao
from batch_runs import TEXT, make_model
from pyarrow import parquet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java: install a JRE, version 17 or later"),
]

pytest.importorskip("pyspark", reason="needs the extra spark")

ROWS = 300
BAD = (7, 150, 299)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    patch = pytest.MonkeyPatch()
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    # Nothing but this machine: a name that the network does not know would stop it.
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()
    patch.undo()


def texts() -> list[str | None]:
    return [None if number in BAD else f"第{number}号。{TEXT}" for number in range(ROWS)]


@pytest.mark.usefixtures("spark")
def test_the_guide_runs(capfd: pytest.CaptureFixture[str]) -> None:
    guide = Path(__file__).parents[2] / "docs" / "engines.md"
    blocks = re.findall(r"^```python\n(.*?)^```$", guide.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (code,) = (block for block in blocks if "pyspark" in block)
    exec(compile(code, "<guide>", "exec"), {"__name__": "guide"})  # noqa: S102
    rows = [line for line in capfd.readouterr().out.splitlines() if line.startswith("|")]
    assert "| n1|   林某|" in rows
    assert "|n2 |n2: the 'text' is empty|" in rows


def test_every_row_once(spark: Any, tmp_path: Path) -> None:
    make_model(tmp_path)
    model = str(tmp_path / "model")
    rows = [(f"n{number}", text) for number, text in enumerate(texts())]
    given = spark.createDataFrame(rows, "id string, text string").repartition(5)
    tag = partial(tongbao.tag_frames, model=model)
    given.mapInPandas(tag, schema=tongbao.frame_schema()).write.parquet(str(tmp_path / "out"))

    written = parquet.read_table(tmp_path / "out").to_pylist()
    found = {row["id"]: row for row in written}
    assert len(found) == len(written) == ROWS
    assert {name: row["reject"] for name, row in found.items() if row["reject"]} == {
        f"n{number}": f"n{number}: the 'text' is empty" for number in BAD
    }
    alone = pd.concat(tongbao.tag_frames([pd.DataFrame(rows, columns=["id", "text"])], model=model))
    assert [found[row["id"]] for row in alone.to_dict("records")] == alone.to_dict("records")
