"""Tables of cases: what comes back when they are read, and what a spreadsheet must not run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from stub_pipeline import stub
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import Notice
from tongbao.pipeline import rows as tables
from tongbao.pipeline.case import Case
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.norming import measure_norms
from tongbao.pipeline.norms import as_record
from tongbao.pipeline.rows import COLUMNS, SEPARATOR, Headers, rows_of, write_case_parquet, write_csv
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.pipeline.tagging import tag

TEXT = "镇长林某公车私用，受到党内警告处分；周某受到诫勉谈话、党内警告处分。"
ANNOTATED = (
    "# id: n4\n\n[镇长](POSITION)[林一舟](OFFICIAL)[收受礼金3万元](VIOLATION)、[购物卡500元](VIOLATION)，"
    "被[开除党籍](SANCTION)、[移送检察机关](SANCTION)。"
)


@pytest.fixture(scope="module")
def tagged() -> list[TaggedNotice]:
    notices = [
        Notice("n1", TEXT, {"title": "通报", "date": "2021-08-20"}, source="inbox/a.md"),
        Notice("n2", "无人受处理。"),
        Notice("n3", "网格员周某。"),
    ]
    gold = parse(ANNOTATED)
    spans = [(entity.start, entity.end, entity.label) for entity in gold.entities]
    norms = {index: as_record(each) for index, each in measure_norms(gold.text, spans).items()}
    entities = tuple(TaggedEntity(*span, norm=norms.get(index)) for index, span in enumerate(spans))
    last = TaggedNotice(gold, entities, assemble_spans(gold.text, spans), "m")
    return [*tag(notices, nlp=stub()), last]


def csv_of(tagged: list[TaggedNotice], headers: Headers = "en") -> bytes:
    stream = io.BytesIO()
    write_csv(iter(tagged), stream, headers=headers)
    return stream.getvalue()


def rows(tagged: list[TaggedNotice], headers: Headers = "en") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(tagged, headers).decode("utf-8-sig"), newline="")))


def table(tagged: list[TaggedNotice], headers: Headers = "en") -> Any:
    stream = io.BytesIO()
    write_case_parquet(iter(tagged), stream, headers=headers)
    return parquet.ParquetFile(io.BytesIO(stream.getvalue()))


def test_a_row_a_case(tagged: list[TaggedNotice]) -> None:
    found = [row for each in tagged for row in rows_of(each)]
    assert [(row["id"], row["case"], row["official"]) for row in found] == [
        ("n1", 1, "林某"),
        ("n1", 2, "周某"),
        ("n3", 1, "周某"),
        ("n4", 1, "林一舟"),
    ]
    assert list(found[0]) == list(COLUMNS)
    last = found[-1]
    assert (last["positions"], last["sanctions"]) == (["镇长"], ["开除党籍", "移送检察机关"])
    assert (last["amounts"], last["stage"], last["codes"]) == (
        [30_000, 500],
        "prosecution",
        ["party.expulsion", "supervision.referred_prosecution"],
    )
    assert last["lowest_score"] is None


@pytest.mark.parametrize("group", [2, 2048])
def test_parquet_and_back(tagged: list[TaggedNotice], group: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_GROUP", group)
    file = table(tagged)
    assert file.num_row_groups == (2 if group == 2 else 1)
    assert file.read().to_pylist() == [row for each in tagged for row in rows_of(each)]


def test_chinese_headers(tagged: list[TaggedNotice]) -> None:
    columns = tuple(COLUMNS.values())
    assert len(set(columns)) == len(columns)
    assert tuple(rows(tagged, "zh")[0]) == columns
    assert [list(row.values()) for row in rows(tagged, "zh")] == [list(row.values()) for row in rows(tagged)]
    read = table(tagged, "zh").read()
    assert tuple(read.column_names) == columns
    assert read["姓名"].to_pylist() == ["林某", "周某", "周某", "林一舟"]


def test_tables_of_nothing_have_their_columns() -> None:
    assert table([]).read().column_names == list(COLUMNS)
    assert csv_of([]).decode("utf-8-sig").strip() == ",".join(COLUMNS)


def test_csv_and_back(tagged: list[TaggedNotice]) -> None:
    for row, want in zip(rows(tagged), (row for each in tagged for row in rows_of(each)), strict=True):
        assert row["sanctions"] == SEPARATOR.join(want["sanctions"])
        assert [float(amount) for amount in row["amounts"].split(SEPARATOR) if amount] == want["amounts"]
        assert int(row["case"]) == want["case"]
        for key in ("id", "source", "title", "date", "official", "subject", "organ", "stage", "model"):
            assert row[key] == (want[key] or "")


def test_csv_has_a_row_a_case(tagged: list[TaggedNotice]) -> None:
    found = rows(tagged)
    assert tuple(found[0]) == tuple(COLUMNS)
    assert [(row["id"], row["case"], row["official"]) for row in found] == [
        ("n1", "1", "林某"),
        ("n1", "2", "周某"),
        ("n3", "1", "周某"),
        ("n4", "1", "林一舟"),
    ]
    assert found[1]["sanctions"] == "诫勉谈话 | 党内警告处分"
    assert (found[0]["date"], found[0]["case_date"], found[0]["organ"]) == ("2021-08-20", "2021-08-20", "")
    assert (found[0]["lowest_score"], found[0]["model"]) == ("0.9877", "zh_stub-1.2.3")
    assert found[2]["source"] == ""
    assert (found[3]["amounts"], found[3]["stage"]) == ("30000 | 500", "prosecution")


def test_csv_opens_in_spreadsheets(tagged: list[TaggedNotice]) -> None:
    data = csv_of(tagged)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 5


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


def test_missing_scores() -> None:
    assert rows([of_title("通报")])[0]["lowest_score"] == ""
