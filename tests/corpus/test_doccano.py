"""doccano JSONL: nothing is lost, its variants are read, and edited relations win."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from tongbao.corpus import doccano
from tongbao.corpus.doccano import from_record, read_doccano, to_record, write_doccano
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.inline import format_notice
from tongbao.corpus.notice import Notice

from .notice_samples import AWKWARD, SHARED_VIOLATION, notices

TEXT = "林某受贿，被开除党籍。"
OBJECTS = [
    {"id": 81, "start_offset": 0, "end_offset": 2, "label": "OFFICIAL"},
    {"id": 80, "start_offset": 2, "end_offset": 4, "label": "VIOLATION"},
    {"id": 79, "start_offset": 6, "end_offset": 10, "label": "SANCTION"},
]
LISTS = [[6, 10, "SANCTION"], [0, 2, "OFFICIAL"], [2, 4, "VIOLATION"]]
PLAIN = "[林某](OFFICIAL)[受贿](VIOLATION)，被[开除党籍](SANCTION)。"
LINKED = "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，被[开除党籍](SANCTION)。"


def inline(record: dict[str, object]) -> str:
    return format_notice(from_record(record, where="x.jsonl:1", default_id="x-1")).partition("\n\n")[2]


def test_notices_come_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_doccano(AWKWARD, path)
    assert read_doccano(path) == AWKWARD


@given(notices())
def test_any_notice_comes_back_through_json(notice: Notice) -> None:
    line = json.dumps(to_record(notice))
    assert from_record(json.loads(line), where="line 1") == notice


@given(notices())
def test_any_notice_comes_back_in_the_unit_of_browsers(notice: Notice) -> None:
    record = json.loads(json.dumps(to_record(notice, unit="utf-16")))
    assert from_record(record, where="line 1") == notice
    units = notice.text.encode("utf-16-le", "surrogatepass")
    for entity, span in zip(notice.entities, record["entities"], strict=True):
        marked = units[2 * span["start_offset"] : 2 * span["end_offset"]]
        assert marked.decode("utf-16-le", "surrogatepass") == notice.span_text(entity)


def test_half_an_emoji_is_no_place() -> None:
    record = {"text": "😀林某", "label": [[1, 3, "OFFICIAL"]], "offset_unit": "utf-16"}
    with pytest.raises(AnnotationError, match=r"x: the offset 1 \(utf-16\) is outside the text or inside a character"):
        from_record(record, where="x")


def test_a_null_means_nothing_is_there() -> None:
    assert inline({"text": TEXT, "entities": OBJECTS, "meta": None, "cases": None, "relations": None}) == PLAIN


def test_each_entity_is_linked_to_the_official_of_its_case() -> None:
    record = to_record(SHARED_VIOLATION)
    entities, relations = record["entities"], record["relations"]
    assert isinstance(entities, list)
    assert isinstance(relations, list)
    named = {entity["id"]: SHARED_VIOLATION.text[entity["start_offset"] : entity["end_offset"]] for entity in entities}
    assert {(named[relation["from_id"]], named[relation["to_id"]]) for relation in relations} == {
        ("履行督办职责不力", "林某"),
        ("履行督办职责不力", "周某"),
        ("青石镇党委副书记", "林某"),
        ("镇长", "林某"),
        ("党内警告处分", "林某"),
        ("机关干部", "周某"),
        ("诫勉谈话处理", "周某"),
    }
    assert {relation["type"] for relation in relations} == {"case"}


@pytest.mark.parametrize("key", ["label", "labels", "entities", "annotations"])
@pytest.mark.parametrize("spans", [OBJECTS, LISTS], ids=["objects", "lists"])
@pytest.mark.parametrize("text_key", ["text", "data"])
def test_the_variants_of_doccano_mean_the_same(key: str, spans: list[object], text_key: str) -> None:
    assert inline({text_key: TEXT, key: spans}) == PLAIN


def test_relations_alone_make_cases_in_order_of_mention() -> None:
    relations = [
        {"id": 5, "from_id": 80, "to_id": 81, "type": "case"},
        {"from_id": 79, "to_id": 81, "type": "seen"},
    ]
    assert inline({"text": TEXT, "entities": OBJECTS, "relations": relations}) == LINKED


def test_what_doccano_keeps_beside_the_text_becomes_meta() -> None:
    record = {"id": 12, "text": TEXT, "label": [], "form": "brief", "Comments": ["?"], "confirmed": True}
    notice = from_record(record, where="x.jsonl:1")
    assert (notice.id, dict(notice.meta)) == ("12", {"form": "brief"})


@pytest.mark.parametrize(
    ("body", "drop", "add", "after"),
    [
        ("[甲](OFFICIAL 2)[乙](VIOLATION 2)", [(1, 0)], [], "[甲](OFFICIAL)[乙](VIOLATION)"),
        ("[甲](OFFICIAL 2)[乙](VIOLATION)", [], [(1, 0)], "[甲](OFFICIAL 1)[乙](VIOLATION 1)"),
        (
            "[甲](OFFICIAL 1)[乙](VIOLATION 1)[丙](OFFICIAL 2)",
            [(1, 0)],
            [(1, 2)],
            "[甲](OFFICIAL)[乙](VIOLATION 1)[丙](OFFICIAL 1)",
        ),
        (
            "[甲](OFFICIAL 1)[乙](VIOLATION)[丙](OFFICIAL 2)",
            [],
            [(1, 2)],
            "[甲](OFFICIAL 1)[乙](VIOLATION 2)[丙](OFFICIAL 2)",
        ),
    ],
    ids=["taken away", "drawn", "moved", "drawn beside a case of one"],
)
def test_edited_relations_win_over_recorded_numbers(
    body: str, drop: list[tuple[int, int]], add: list[tuple[int, int]], after: str
) -> None:
    from .notice_samples import notice

    record = to_record(notice(body))
    kept = [r for r in record["relations"] if (r["from_id"], r["to_id"]) not in drop]  # type: ignore[attr-defined]
    record["relations"] = kept + [{"from_id": start, "to_id": end, "type": "case"} for start, end in add]
    assert inline(record) == after


def test_a_project_without_relations_keeps_the_numbers() -> None:
    record = to_record(SHARED_VIOLATION)
    del record["relations"]
    assert from_record(record, where="x") == SHARED_VIOLATION


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"gold\.jsonl:2:2: not JSON"),
        ("[]", r"gold\.jsonl:2: not a JSON object"),
        ('{"label": []}', r"gold\.jsonl:2: not a doccano record: text"),
        ('{"text": "a", "label": [[0, 1]]}', r"gold\.jsonl:2: not a doccano record: label\.0"),
        ('{"text": "a", "label": [[0, 1, "NAME"]]}', r"gold\.jsonl:2: unknown label 'NAME' at 0"),
        ('{"text": "a", "label": [[0, 2, "OFFICIAL"]]}', r"gold\.jsonl:2: entity OFFICIAL 0:2 .* outside"),
        ('{"text": "ab", "label": [[0, 2, "OFFICIAL"], [1, 2, "POSITION"]]}', r"gold\.jsonl:2: .* overlaps"),
        (
            '{"text": "a", "entities": [], "relations": [{"from_id": 1, "to_id": 2}]}',
            r"gold\.jsonl:2: a relation",
        ),
    ],
)
def test_errors_name_the_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "fine"}\n' + line, encoding="utf-8")
    with pytest.raises(AnnotationError, match=message):
        read_doccano(path)


def test_a_record_without_an_id_is_named_after_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('\ufeff{"text": "a"}\n\n{"text": "b", "id": 0}\n', encoding="utf-8")
    assert [notice.id for notice in read_doccano(path)] == ["gold-1", "0"]


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes('{"text": "通报"}'.encode("gb18030"))
    with pytest.raises(AnnotationError, match="not UTF-8"):
        read_doccano(path)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doccano, "_LARGEST", 1 << 20)
    path = tmp_path / "a.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("a.jsonl", b" " * (2 << 20))
    assert path.stat().st_size < 1 << 14
    with pytest.raises(AnnotationError, match="unpacks to more than 1 MiB"):
        read_doccano(path)
