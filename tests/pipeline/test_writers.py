"""The formats: what comes back when each is read, and which one a name asks for."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from stub_pipeline import stub
from tongbao.corpus.docbin import read_docbin
from tongbao.corpus.errors import InputError
from tongbao.corpus.notice import Notice
from tongbao.pipeline import writers
from tongbao.pipeline.case import Case
from tongbao.pipeline.rows import COLUMNS
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.pipeline.tagging import tag
from tongbao.pipeline.writers import WRITERS, Writer, writer_for

TEXT = "镇长林某公车私用，受到党内警告处分；周某受到诫勉谈话、党内警告处分。"


@pytest.fixture(scope="module")
def tagged() -> list[TaggedNotice]:
    notices = [
        Notice("n1", TEXT, {"title": "通报", "date": "2021-08-20"}, source="inbox/a.md"),
        Notice("n2", "无人受处理。"),
        Notice("n3", "网格员周某。"),
    ]
    return list(tag(notices, nlp=stub()))


def written(writer: Writer, tagged: list[TaggedNotice]) -> bytes:
    stream = io.BytesIO()
    writer(iter(tagged), stream)
    return stream.getvalue()


def test_jsonl(tagged: list[TaggedNotice]) -> None:
    lines = written(WRITERS[".jsonl"], tagged).decode("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [each.record() for each in tagged]
    assert "林某" in lines[0]


def test_parquet(tagged: list[TaggedNotice], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_GROUP_NOTICES", 2)
    file = parquet.ParquetFile(io.BytesIO(written(WRITERS[".parquet"], tagged)))
    assert file.num_row_groups == 2
    assert file.read().to_pylist() == [each.record() for each in tagged]


def test_parquet_of_nothing_has_its_columns() -> None:
    table = parquet.read_table(io.BytesIO(written(WRITERS[".parquet"], [])))
    assert table.num_rows == 0
    assert table.column_names[:3] == ["id", "source", "title"]


def test_spacy_is_gold_of_the_model(tagged: list[TaggedNotice], tmp_path: Path) -> None:
    path = tmp_path / "out.spacy"
    path.write_bytes(written(WRITERS[".spacy"], tagged))
    back = read_docbin(path)
    assert [(each.id, each.text, each.entities) for each in back] == [
        (each.notice.id, each.notice.text, each.annotated().entities) for each in tagged
    ]
    assert back[0].meta == {"title": "通报", "date": "2021-08-20"}


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_half_a_character_in_the_name_of_a_file(ending: str) -> None:
    case = Case("林某", "林某", (0,))
    tagged = [TaggedNotice(Notice("n1", "林某", source="a\udc80.txt"), (TaggedEntity(0, 2, "OFFICIAL"),), (case,), "m")]
    data = written(WRITERS[ending], tagged)
    if ending == ".jsonl":
        assert json.loads(data)["source"] == "a\udc80.txt"
    assert data


@pytest.mark.parametrize(
    ("out", "writer"),
    [
        ("-", ".jsonl"),
        ("out", ".jsonl"),
        ("out.jsonl", ".jsonl"),
        ("OUT.JSONL", ".jsonl"),
        ("out.v2.parquet", ".parquet"),
        ("out.spacy", ".spacy"),
        ("out.ftm.json", ".ftm.json"),
        ("OUT.FTM.JSON", ".ftm.json"),
    ],
)
def test_the_ending_chooses(out: str, writer: str) -> None:
    assert writer_for(out) is WRITERS[writer]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("out.json", "no format is called .json: choose one of .jsonl"),
        ("out.xlsx", "no format is called .xlsx"),
        ("out.jsonl.gz", "no format is called .gz"),
    ],
)
def test_unknown_endings(out: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        writer_for(out)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("out", "options", "keys"),
    [
        ("out.jsonl", {}, ["id", "source", "title", "date", "publisher", "text", "entities", "cases", "model"]),
        ("out.jsonl", {"rows": "cases"}, list(COLUMNS)),
        ("-", {"rows": "cases", "headers": "zh"}, list(COLUMNS.values())),
    ],
)
def test_lines_of_cases(tagged: list[TaggedNotice], out: str, options: dict[str, Any], keys: list[str]) -> None:
    first, *others = written(writer_for(out, **options), tagged).decode("utf-8").splitlines()
    assert list(json.loads(first)) == keys
    assert len(others) == 2


@pytest.mark.parametrize(
    ("out", "options", "message"),
    [
        ("out.csv", {"rows": "notices"}, "CSV has one row a case"),
        ("out.spacy", {"rows": "cases"}, ".spacy has no rows of cases: choose one of .jsonl"),
        ("out.ftm.json", {"rows": "cases"}, ".ftm.json has no rows of cases"),
        ("out.parquet", {"headers": "zh"}, "add --rows cases"),
        ("out.jsonl", {"headers": "zh", "rows": "notices"}, "add --rows cases"),
    ],
)
def test_no_such_rows(out: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        writer_for(out, **options)
    assert message in str(caught.value)
