"""A tagged batch: read back, counted, and shown."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tongbao.__main__ import app
from tongbao.corpus.errors import InputError
from tongbao.corpus.notice import LABELS
from tongbao.evaluation.batch import NOT_CODED, NOT_TOLD, count_batch, read_batch
from tongbao.evaluation.batch_page import batch_page
from tongbao.evaluation.page import write_page
from typer.testing import CliRunner

HOSTILE = "</script><img src=x onerror=alert(1)>"


def record(marked: str, *, cases: list[dict[str, Any]], **meta: Any) -> dict[str, Any]:
    """A record of a text with marks ``[林某](OFFICIAL)``."""
    entities: list[dict[str, Any]] = []
    text = last = ""
    rest = marked
    while found := re.search(rf"\[([^\]]+)\]\(({'|'.join(LABELS)})\)", rest):
        text += rest[: found.start()]
        entities.append({"label": found[2], "text": found[1], "start": len(text), "end": len(text) + len(found[1])})
        text += found[1]
        rest = rest[found.end() :]
    last = rest
    return {"id": "a", "source": None, "text": text + last, "entities": entities, "cases": cases, "model": "m", **meta}


def case(subject: str = "林某", **values: Any) -> dict[str, Any]:
    return {"official": subject, "subject": subject, "positions": [], "violations": [], "sanctions": [], **values}


PARTY = record(
    "[林某](OFFICIAL)受到[党内警告处分](SANCTION)。", cases=[case(sanctions=[1], date="2021-08-20", organ="县纪委")]
)
TWICE = record(
    "[周某](OFFICIAL)被[双开](SANCTION)。给予[开除党籍](SANCTION)、[送去喂马](SANCTION)。",
    cases=[case("周某", sanctions=[1, 2, 3], stage="discipline")],
    date="2021-10-02",
    publisher="市监委",
)
UNDATED = record("[吴某](OFFICIAL)被[诫勉](SANCTION)。", cases=[case("吴某", sanctions=[1])], date="上周")


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), "utf-8")
    return path


def test_counts(tmp_path: Path) -> None:
    counts = count_batch(list(read_batch(write(tmp_path / "out.jsonl", PARTY, TWICE, UNDATED))))
    assert counts.over_time == {"2021-08": 1, "2021-09": 0, "2021-10": 1}
    assert counts.undated == 1
    assert counts.organs == {"县纪委": 1, "市监委": 1, NOT_TOLD: 1}
    assert counts.stages == {NOT_TOLD: 2, "discipline": 1}
    # 双开 is expulsion from Party and office, and its first half is said twice.
    assert counts.kinds == {
        "party": {"party.warning": 1, "party.expulsion": 1},
        "state": {"state.expulsion": 1},
        NOT_CODED: {"送去喂马": 1},
        "education": {"education.admonition": 1},
    }


def test_norms_of_the_record_go_before_our_own(tmp_path: Path) -> None:
    told = json.loads(json.dumps(PARTY))
    norm = {"code": "party.probation", "kind": "party", "severity": 4, "term": None, "amount": None}
    told["entities"][1]["norm"] = {**norm, "codes": [], "inferred": False, "also": []}
    counts = count_batch(list(read_batch(write(tmp_path / "out.jsonl", told))))
    assert counts.kinds == {"party": {"party.probation": 1}}


def test_a_long_time_is_counted_by_years(tmp_path: Path) -> None:
    early = record("[林某](OFFICIAL)", cases=[case(date="2013")])
    counts = count_batch(list(read_batch(write(tmp_path / "out.jsonl", early, PARTY))))
    assert list(counts.over_time) == [str(year) for year in range(2013, 2022)]
    assert (counts.over_time["2013"], counts.over_time["2014"], counts.over_time["2021"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "out.jsonl:2: not JSON (Expecting property name"),
        ('{"case": 1, "subject": "林某"}', "out.jsonl:2: not a record (id: Field required)"),
        (json.dumps({**PARTY, "cases": [case(sanctions=[9])]}), "has an entity that is not there"),
        (json.dumps({**PARTY, "text": ""}), "out.jsonl:2: not a record: entity OFFICIAL 0:2"),
    ],
)
def test_what_is_no_record_is_named_by_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path / "out.jsonl", PARTY)
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        list(read_batch(path))


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_what_a_record_says_is_never_mark_up(tmp_path: Path) -> None:
    evil = record(
        f"[林某](OFFICIAL)受到[警{HOSTILE}告](SANCTION)",
        cases=[case(HOSTILE, sanctions=[1], organ=HOSTILE)],
        title=HOSTILE,
        model=HOSTILE,
        source=f"{HOSTILE}\udc80",
    )
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(evil) + "\n", "utf-8")
    out = tmp_path / "page.html"
    write_page(batch_page(list(read_batch(path)), title=HOSTILE), out)
    page = out.read_text("utf-8")
    assert "<img" not in page
    assert page.count("<script") == 2
    assert data_of(page)["cases"][0]["organ"] == HOSTILE


def test_lines_of_csv_are_those_of_the_csv_that_tag_writes(tmp_path: Path) -> None:
    evil = record('[=1+1,"](OFFICIAL)被[党内警告](SANCTION)', cases=[case('=1+1,"', sanctions=[1], amounts=[3.5, 10])])
    data = data_of(batch_page(list(read_batch(write(tmp_path / "out.jsonl", evil))), title="x"))
    (row,) = csv.DictReader(io.StringIO(data["header"] + data["cases"][0]["csv"]))
    assert (row["subject"], row["sanctions"], row["amounts"]) == ("'=1+1,\"", "党内警告", "3.5 | 10")
    assert row["codes"] == "party.warning"


def test_command(tmp_path: Path) -> None:
    records, page = write(tmp_path / "out.jsonl", PARTY, TWICE), tmp_path / "page.html"
    result = CliRunner().invoke(app, ["report", str(records), "--html", str(page)])
    assert (result.exit_code, result.output) == (0, "")
    assert "out.jsonl" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file"), (b"\n", "holds no record"), (b"\xff\xfe", "not UTF-8")],
)
def test_command_says_what_is_wrong_in_one_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    records = tmp_path / "out.jsonl"
    if content is not None:
        records.write_bytes(content)
    result = CliRunner().invoke(app, ["report", str(records), "--html", str(tmp_path / "page.html")])
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "page.html").exists()
