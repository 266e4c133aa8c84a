"""From files of all kinds to notices; what cannot be read is set aside, once, with its reason."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow
import pytest
from pyarrow import parquet
from tongbao.corpus.errors import InputError
from tongbao.corpus.notice import Notice
from tongbao.pipeline.reading import notice_from_text, read
from tongbao.pipeline.rejects import Reject

TEXT = "经研究，给予北渡镇镇长某甲党内警告处分。"
Make = Callable[[str, "str | bytes"], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def read_all(*inputs: str | Path, text_field: str = "text") -> tuple[list[Notice], list[Reject]]:
    rejects: list[Reject] = []
    return list(read(*inputs, text_field=text_field, on_reject=rejects.append)), rejects


def test_text(make: Make) -> None:
    path = make("a.txt", TEXT)
    ([notice], rejects) = read_all(path)
    assert (notice.text, notice.source, notice.offsets, rejects) == (TEXT, str(path), None, [])
    assert len(notice.id) == 16
    assert dict(notice.meta) == {}


def test_the_content_decides_and_not_the_ending(make: Make) -> None:
    page = f"---\nid: n7\ntitle: 通报一则\n---\n<div><p>{TEXT}</p></div>"
    ([notice], _) = read_all(make("a.txt", page))
    assert (notice.id, notice.text, notice.meta["title"]) == ("n7", TEXT, "通报一则")
    assert notice.offsets is not None
    start, end = notice.offsets.source_span(0, len(TEXT))
    assert page[start:end] == TEXT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings(make: Make, encoding: str) -> None:
    ([notice], _) = read_all(make("a.txt", f"<p>{TEXT}</p>".encode(encoding)))
    assert notice.text == TEXT
    assert notice.offsets is not None
    assert notice.offsets.source_span(0, 1) == (3, 4)


def test_gold_notice_gives_its_text_alone(make: Make) -> None:
    content = "# id: g1\n# form: brief\n\n给予[镇长](POSITION 1)[某甲](OFFICIAL 1)[党内警告\n处分](SANCTION 1)。"
    ([notice], _) = read_all(make("g1.md", content))
    assert (notice.id, notice.text, notice.entities) == ("g1", "给予镇长某甲党内警告\n处分。", ())
    assert notice.meta["form"] == "brief"
    assert notice.offsets is not None
    for start in range(len(notice.text)):
        place = notice.offsets.source_span(start, start + 1)
        assert content[slice(*place)] == notice.text[start]


def test_jsonl_keeps_going_behind_a_broken_line(make: Make) -> None:
    lines = [
        json.dumps(
            {
                "id": 7,
                "text": TEXT,
                "title": "甲",
                "date": "2021/8/9",
                "source": "x/1.html",
                "publisher": "某报",
            }
        ),
        '{"text": "没有结尾',
        "",
        json.dumps({"text": f"<p>{TEXT}</p>"}),
        json.dumps({"content": TEXT}),
        json.dumps({"text": None}),
        json.dumps({"text": 3}),
        json.dumps([1]),
        json.dumps({"text": "<p></p>"}),
        '{"text": "\\ud800"}',
    ]
    path = make("a.jsonl", "\n".join(lines))
    notices, rejects = read_all(path)
    assert [notice.text for notice in notices] == [TEXT, TEXT]
    assert (notices[0].id, notices[0].source) == ("7", "x/1.html")
    assert dict(notices[0].meta) == {"title": "甲", "date": "2021-08-09", "publisher": "某报"}
    assert notices[1].source == str(path)
    assert [reject.where for reject in rejects] == [f"{path}:{line}" for line in (2, 5, 6, 7, 8, 9, 10)]
    reasons = (
        "not a JSON object",
        "no field 'text'; it has content",
        "is empty",
        "no text but int",
        "fields",
        "no text is left",
    )
    for reject, reason in zip(rejects, reasons, strict=False):
        assert reason in reject.reason


def test_broken_bytes_spoil_their_line_only(make: Make) -> None:
    good = json.dumps({"text": TEXT}, ensure_ascii=False).encode()
    path = make("a.jsonl", b"\n".join([good, good[:20] + b"\xff" + good[20:], good]))
    notices, [reject] = read_all(path)
    assert len(notices) == 2
    assert (reject.where, "broken bytes" in reject.reason) == (f"{path}:2", True)


@pytest.mark.parametrize("name", ["a.json", "a.txt"])
def test_json_list(make: Make, name: str) -> None:
    path = make(name, json.dumps([{"text": TEXT}, 3, {"text": TEXT, "id": "b"}], indent=1))
    notices, [reject] = read_all(path)
    assert [notice.text for notice in notices] == [TEXT, TEXT]
    assert reject.where == f"{path}:record 2"


def test_one_json_object(make: Make) -> None:
    notices, _ = read_all(make("a.json", json.dumps({"text": TEXT, "id": "a"}, indent=1)))
    assert [notice.id for notice in notices] == ["a"]


@pytest.mark.parametrize(("name", "sign"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv", ";"), ("a.txt", ",")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv(make: Make, name: str, sign: str, encoding: str) -> None:
    rows = [
        f"id{sign}title{sign}text",
        f'1{sign}甲{sign}"{TEXT}\n第二行""引""文。"',
        f"2{sign}乙{sign}{TEXT}",
        "",
    ]
    notices, rejects = read_all(make(name, "\r\n".join(rows).encode(encoding)))
    assert [(notice.id, notice.meta["title"]) for notice in notices] == [("1", "甲"), ("2", "乙")]
    assert notices[0].text == f'{TEXT}\n第二行"引"文。'
    assert rejects == []


def test_long_fields_of_csv_are_read(make: Make) -> None:
    ([notice], _) = read_all(make("a.csv", f'text,id\n"{TEXT * 20_000}",1\n'))
    assert len(notice.text) == len(TEXT) * 20_000


def test_missing_column_is_one_clear_reject(make: Make) -> None:
    path = make("a.csv", "id,content\n1,甲\n2,乙\n")
    assert read_all(path) == (
        [],
        [Reject(str(path), str(path), "no column 'text'; it has id, content: name the one with the text")],
    )
    notices, _ = read_all(path, text_field="content")
    assert [notice.text for notice in notices] == ["甲", "乙"]


def test_parquet(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    columns = {"id": ["a", "b", "c"], "text": [TEXT, None, TEXT], "vector": [[1.0], [2.0], [3.0]]}
    parquet.write_table(pyarrow.table(columns), path, row_group_size=2)
    notices, [reject] = read_all(path)
    assert [notice.id for notice in notices] == ["a", "c"]
    assert reject.where == f"{path}:row 2"
    _, [reject] = read_all(path, text_field="body")
    assert reject.reason == "no column 'body'; it has id, text, vector: name the one with the text"
    broken = make("b.parquet", path.read_bytes()[:200])
    _, [reject] = read_all(broken)
    assert "not a Parquet file" in reject.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 99, "binary"),
        (TEXT.encode() + b"\xff" + TEXT.encode(), "broken UTF-8 at byte"),
        (b"<html><head><title>x</title></head></html>", "no text is left"),
        (b"---\ntitle: a\n---\n", "no text is left"),
        ("# id: a\n\n[甲](POSITION".encode(), "broken mark-up"),
        ('{\n "text": "甲",'.encode(), "not JSON"),
    ],
)
def test_a_bad_file_is_set_aside_and_the_rest_goes_on(make: Make, content: bytes, reason: str) -> None:
    bad, good = make("a.txt", content), make("b.txt", TEXT)
    notices, [reject] = read_all(bad, good)
    assert [notice.text for notice in notices] == [TEXT]
    assert reject.source == str(bad)
    assert reason in reject.reason


def test_html_without_a_body(make: Make) -> None:
    ([notice], _) = read_all(make("a.html", f"<html><head><title>通报</title></head>{TEXT}</html>"))
    assert (notice.text, notice.meta["title"]) == (TEXT, "通报")


@pytest.mark.parametrize("content", [TEXT * 100_000, "<" * 1_000_000 + TEXT, f"<p>{TEXT * 100_000}", "甲\n" * 200_000])
def test_large_files(make: Make, content: str) -> None:
    ([notice], rejects) = read_all(make("a.txt", content))
    assert notice.text
    assert rejects == []


def test_missing_input_is_said_before_anything_is_read(make: Make) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(make("a.txt", TEXT), "missing.txt")
    with pytest.raises(InputError, match="nothing to read"):
        read()


def test_reading_is_lazy(make: Make) -> None:
    first, second = make("a.txt", TEXT), make("b.txt", TEXT)
    notices = read(first, second)
    assert next(notices).source == str(first)
    second.unlink()
    assert list(notices) == []


def test_rejects_are_logged_by_default(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    path = make("a.txt", "")
    with caplog.at_level(logging.WARNING, logger="tongbao"):
        assert list(read(path)) == []
    assert f"{path}: the file is empty" in caplog.text


def test_broken_front_matter_is_a_warning(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    ([notice], rejects) = read_all(make("a.md", f"---\ntitle: [甲\n---\n{TEXT}"))
    assert (notice.text, rejects) == (TEXT, [])
    assert "broken front matter" in caplog.text


@pytest.mark.parametrize("content", [TEXT, json.dumps({"text": TEXT}) + "\n", f"id,text\n1,{TEXT}\n"])
def test_standard_input(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
    ([notice], rejects) = read_all("-")
    assert (notice.text, notice.source, rejects) == (TEXT, "-", [])


def test_plain_string() -> None:
    notice = notice_from_text(TEXT)
    assert (notice.text, notice.source, notice.offsets) == (TEXT, None, None)
    assert notice_from_text(TEXT).id == notice.id
    assert notice_from_text(TEXT, source="x").id != notice.id
    assert notice_from_text(TEXT, id="n 1").id == "n 1"
    with pytest.raises(InputError, match="no text"):
        notice_from_text("<p> </p>")
