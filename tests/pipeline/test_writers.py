"""The formats: what comes back when each is read, and what a spreadsheet must not run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from stub_pipeline import stub
from tongbao.corpus.docbin import read_docbin
from tongbao.corpus.errors import InputError
from tongbao.corpus.notice import Notice
from tongbao.pipeline import writers
from tongbao.pipeline.case import Case
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.pipeline.tagging import tag
from tongbao.pipeline.writers import COLUMNS, WRITERS, Writer, write_csv, writer_for

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


def rows(tagged: list[TaggedNotice]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(write_csv, tagged).decode("utf-8-sig"), newline="")))


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


def test_csv_has_a_row_a_case(tagged: list[TaggedNotice]) -> None:
    found = rows(tagged)
    assert tuple(found[0]) == COLUMNS
    assert [(row["id"], row["case"], row["official"]) for row in found] == [
        ("n1", "1", "林某"),
        ("n1", "2", "周某"),
        ("n3", "1", "周某"),
    ]
    assert found[1]["sanctions"] == "诫勉谈话 | 党内警告处分"
    assert (found[0]["date"], found[0]["case_date"], found[0]["organ"]) == ("2021-08-20", "2021-08-20", "")
    assert (found[0]["lowest_score"], found[0]["model"]) == ("0.9877", "zh_stub-1.2.3")
    assert found[2]["source"] == ""


def test_csv_opens_in_spreadsheets(tagged: list[TaggedNotice]) -> None:
    data = written(write_csv, tagged)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 4


def of_title(title: str) -> TaggedNotice:
    return TaggedNotice(
        Notice("n1", "林某", {"title": title}), (TaggedEntity(0, 2, "OFFICIAL"),), (Case("林某", "林某", (0,)),), "m"
    )


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u3000=1",
        "＝1",
        "＠a",
        '=HYPERLINK("http://a","b")',
    ],
)
def test_no_cell_is_a_formula(title: str) -> None:
    (row,) = rows([of_title(title)])
    assert row["title"] == f"'{title}"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_csv_keeps_every_text(title: str) -> None:
    (row,) = rows([of_title(title)])
    assert row["title"] in (title, f"'{title}")
    assert row["title"][0] not in "=+-@＝＋－＠\t\r\n"


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_half_a_character_in_the_name_of_a_file(ending: str) -> None:
    tagged = [TaggedNotice(Notice("n1", "林某", source="a\udc80.txt"), (), (), "m")]
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
        ("a.b/out.csv", ".csv"),
        ("out.v2.parquet", ".parquet"),
        ("out.spacy", ".spacy"),
    ],
)
def test_the_ending_chooses(out: str, writer: str) -> None:
    assert writer_for(out) is WRITERS[writer]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("out.ftm.json", "arrives with a later version"),
        ("out.json", "no format is called .json: choose one of .jsonl"),
        ("out.xlsx", "no format is called .xlsx"),
        ("out.jsonl.gz", "no format is called .gz"),
    ],
)
def test_unknown_endings(out: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        writer_for(out)
    assert message in str(caught.value)


def test_missing_scores(tmp_path: Path) -> None:
    tagged = [of_title("通报")]
    assert rows(tagged)[0]["lowest_score"] == ""
    record: dict[str, Any] = json.loads(written(WRITERS[".jsonl"], tagged))
    assert record["entities"][0]["score"] is None
