"""What a file holds, told from how it begins."""

from __future__ import annotations

import io

import pytest
from tongbao.corpus.errors import InputError
from tongbao.pipeline.records import Format, Record, read_records, tell_format


@pytest.mark.parametrize(
    ("head", "ending", "kind"),
    [
        ("经研究，决定。", ".txt", "text"),
        ("<p>甲</p>", ".csv.html", "text"),
        ("---\ntitle: 甲\n---\n", ".md", "text"),
        ('{"text": "甲"}\n{"text": "乙"}', ".txt", "jsonl"),
        ('{"text": "甲"}', "", "jsonl"),
        ('{"text": broken\n{"text": "乙"}', ".log", "jsonl"),
        ("broken\n", ".jsonl", "jsonl"),
        ('{\n "text": "甲"\n}', ".json", "json"),
        ('[\n{"text": "甲"}]', ".txt", "json"),
        ("[编者按]近日，", ".txt", "text"),
        ("{某}说", ".txt", "text"),
        ("id,text\n1,甲", ".txt", "csv"),
        ("id\ttext\n1\t甲", "", "csv"),
        ("内容\n甲", ".csv", "csv"),
        ("more text, and more\n", ".txt", "text"),
    ],
)
def test_tell_format(head: str, ending: str, kind: str) -> None:
    assert tell_format(head.encode(), ending=ending, text_field="text", where="a") == kind


def test_parquet_is_known_by_its_first_bytes() -> None:
    assert tell_format(b"PAR1\x15\x04", ending=".txt", text_field="text", where="a") == "parquet"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        tell_format(b"", ending=".csv", text_field="text", where="a")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_lines_keep_their_numbers_and_records_their_fields(encoding: str) -> None:
    data = '{"text": "经研究，给予处分。", "n": 1}\n\n{"text": "县纪委监委通报"}\n'.encode(encoding)
    found = list(read_records(io.BytesIO(data), "jsonl", text_field="text", where="a"))
    assert found == [Record("a:1", "经研究，给予处分。", {"n": 1}), Record("a:3", "县纪委监委通报", {})]


def test_rows_are_numbered_by_their_first_line() -> None:
    data = b'id,text\n1,"a\nb"\n2,\n3,c\n'
    first, second, third = read_records(io.BytesIO(data), "csv", text_field="text", where="a")
    assert first == Record("a:2", "a\nb", {"id": "1"})
    assert isinstance(second, InputError)
    assert second.where == "a:4"
    assert third == Record("a:5", "c", {"id": "3"})


@pytest.mark.parametrize(
    ("kind", "text"),
    [("jsonl", '{"text": "林某"}\n{"text": "周某"}\n'), ("csv", "id,text\n1,林某\n2,周某\n")],
)
def test_utf_16_that_is_cut_short_loses_its_last_record_alone(kind: Format, text: str) -> None:
    stream = io.BytesIO(text.encode("utf-16")[:-1])
    first, last = read_records(stream, kind, text_field="text", where="a")
    assert isinstance(first, Record)
    assert first.text == "林某"
    assert "broken bytes" in str(last)


def test_a_carriage_return_within_a_first_line_is_no_header() -> None:
    assert tell_format("标题\r,text\n林某".encode(), ending=".txt", text_field="text", where="a") == "text"
    with pytest.raises(InputError, match="column"):
        list(read_records(io.BytesIO("标题\r,id\n林某,1\n".encode()), "csv", text_field="text", where="a"))
