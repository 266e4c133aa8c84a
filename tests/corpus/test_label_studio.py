"""Label Studio's JSON: nothing is lost, either unit of offsets is read, and what is no single annotation is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from tongbao.__main__ import app
from tongbao.corpus.doccano import write_doccano
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import read_gold
from tongbao.corpus.inline import format_notice
from tongbao.corpus.label_studio import from_task, read_label_studio, to_task, write_label_studio
from tongbao.corpus.notice import Notice
from typer.testing import CliRunner

from .notice_samples import AWKWARD, SHARED_VIOLATION, notice, notices


def task(*results: dict[str, Any], text: str = "😀林某受贿", **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": text}, "annotations": [{"result": list(results)}], **more}


def region(name: str, start: int, end: int, label: str, text: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label], **({} if text is None else {"text": text})}
    return {"id": name, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def inline(given: dict[str, Any]) -> str:
    return format_notice(from_task(given, where="x.json", default_id="x"))


def test_notices_come_back_from_a_file(tmp_path: Path) -> None:
    write_label_studio(AWKWARD, tmp_path / "gold.json")
    assert read_label_studio(tmp_path / "gold.json") == AWKWARD


@given(notices())
def test_any_notice_comes_back(notice: Notice) -> None:
    assert from_task(json.loads(json.dumps(to_task(notice))), where="task 1") == notice


@pytest.mark.parametrize("shift", [0, 1], ids=["code points", "utf-16"])
@pytest.mark.parametrize("direction", ["right", "left"])
def test_either_unit_and_direction_is_read(shift: int, direction: str) -> None:
    ends = ("b", "a") if direction == "right" else ("a", "b")
    drawn = {"type": "relation", "from_id": ends[0], "to_id": ends[1], "direction": direction, "labels": ["case"]}
    marks = (
        region("b", 3 + shift, 5 + shift, "VIOLATION", "受贿"),
        region("a", 1 + shift, 3 + shift, "OFFICIAL", "林某"),
    )
    assert inline(task(*marks, drawn)) == "# id: x-7\n\n😀[林某](OFFICIAL 1)[受贿](VIOLATION 1)"


def test_what_is_asked_beside_the_marks_is_passed_over() -> None:
    choice = {"type": "choices", "value": {"start": 0, "end": 1, "labels": ["yes"]}}
    assert inline(task(region("a", 1, 3, "OFFICIAL"), choice)) == "# id: x-7\n\n😀[林某](OFFICIAL)受贿"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (task(annotations=[]), "x.json: has 0 annotations: export"),
        (task(annotations=[{"result": []}] * 2), "x.json: has 2 annotations: export"),
        ({"text": "JSON-MIN"}, "x.json: not a task of Label Studio: data: "),
        (task(region("a", 1, 3, "NAME")), "x.json: unknown label 'NAME' at 1"),
        (task(region("a", 1, 30, "OFFICIAL")), "x.json: entity OFFICIAL 1:30 .* outside the text"),
        (task({"type": "relation", "from_id": "a", "to_id": "b"}), "x.json: a relation links a to b"),
    ],
)
def test_what_is_wrong_is_told(given: dict[str, Any], message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        inline(given)


def test_a_skipped_annotation_does_not_count() -> None:
    given = task(annotations=[{"result": [], "was_cancelled": True}, {"result": [region("a", 1, 3, "OFFICIAL")]}])
    assert inline(given).endswith("[林某](OFFICIAL)受贿")


def test_exports_are_converted(tmp_path: Path) -> None:
    write_label_studio([SHARED_VIOLATION], tmp_path / "tasks.json")
    write_doccano([SHARED_VIOLATION], tmp_path / "all.jsonl")
    with ZipFile(tmp_path / "export.zip", "w") as packed:
        packed.write(tmp_path / "all.jsonl", "all.jsonl")
    for number, source in enumerate(("tasks.json", "export.zip")):
        output = tmp_path / f"gold{number}"
        result = CliRunner().invoke(app, ["corpus", "convert", str(tmp_path / source), str(output)])
        assert (result.exit_code, result.stderr) == (0, f"{output}: 1 notices\n")
        (back,) = read_gold(output)
        assert format_notice(back) == format_notice(SHARED_VIOLATION)


def test_exports_that_cannot_be_converted_are_told(tmp_path: Path) -> None:
    write_label_studio([notice("甲"), notice("乙")], tmp_path / "twice.json")
    (tmp_path / "no.zip").write_text("no zip")
    with ZipFile(tmp_path / "two.zip", "w") as packed:
        packed.writestr("a.jsonl", "")
        packed.writestr("b.jsonl", "")
    for name, message in {
        "twice.json": "the id 'n1' stands twice: give each notice its own",
        "no.zip": "not a zip: export it again",
        "two.zip": "holds 2 files, one an annotator: unpack it, and compare them with corpus agreement",
    }.items():
        result = CliRunner().invoke(app, ["corpus", "convert", str(tmp_path / name), str(tmp_path / "gold")])
        assert (result.exit_code, result.stderr) == (2, f"{tmp_path / name}: {message}\n")
