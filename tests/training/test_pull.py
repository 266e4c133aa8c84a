"""What pull makes of confirmed texts, and what it does to files; the server is a list of records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from tongbao.corpus.folder import HELDOUT, read_gold
from tongbao.corpus.inline import format_notice, parse
from tongbao.corpus.notice import Notice
from tongbao.pipeline.rejects import Reject
from tongbao.training.doccano_server import Confirmation, Doccano, Example, Project
from tongbao.training.pull import Pulled, pull, rejects_path, trimmed, without_gaps
from tongbao.training.push import known_notices, new_ones, record_of

PROJECT = Project(id=1, name="p", project_type="SequenceLabeling")
BODY = "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，被[警告](SANCTION 1)。"


class Records:
    """A project whose texts are all confirmed, by two annotators."""

    def __init__(self, *bodies: str) -> None:
        self.records: list[dict[str, Any]] = []
        for number, body in enumerate(bodies):
            self.add(f"n{number}", body)

    def add(self, name: str, body: str) -> None:
        self.records.append(record_of(parse(f"# id: {name}\n# form: brief\n\n{body}")))

    def examples(self, _project: int) -> list[Example]:
        kept = ("id", "meta", "cases", "content", "offset_unit")
        metas = [{key: record[key] for key in kept if key in record} for record in self.records]
        return [Example(id=number, meta=meta, is_confirmed=True) for number, meta in enumerate(metas)]

    def confirmed(self, _project: int) -> list[dict[str, Any]]:
        return [json.loads(json.dumps(record)) for record in self.records]

    def confirmations(self, _project: int, _example: int) -> list[Confirmation]:
        times = ("2026-05-04T09:12:44.123456Z", "2026-05-05T08:00:00Z")
        return [Confirmation(user=user, at=at) for user, at in zip((2, 7), times, strict=True)]

    def members(self, _project: int) -> dict[int, str]:
        return {2: "chen"}


def pulled(records: Records, folder: Path, *, force: bool = False) -> Pulled:
    return pull(cast(Doccano, records), PROJECT, folder, force=force, done=lambda _: None)


def test_a_file_says_who_confirmed_it_and_when(tmp_path: Path) -> None:
    assert pulled(Records(BODY), tmp_path).written == ["n0"]
    header, _, body = (tmp_path / "n0.md").read_text("utf-8").partition("\n\n")
    assert body == BODY
    assert header.splitlines()[:4] == [
        "# id: n0",
        "# form: brief",
        "# annotator: chen, user 7",
        "# confirmed: 2026-05-05T08:00:00Z",
    ]


@pytest.mark.parametrize("here", ["pulled", "changed", "gold", "broken"])
@pytest.mark.parametrize("news", [True, False])
def test_only_a_file_as_it_was_pulled_is_replaced(tmp_path: Path, here: str, news: bool) -> None:
    records, file = Records(BODY), tmp_path / "n0.md"
    pulled(records, tmp_path)
    if here == "changed":
        file.write_text(file.read_text("utf-8").replace("VIOLATION 1", "VIOLATION"), "utf-8")
    elif here == "gold":
        file.write_text(f"# id: n0\n\n{BODY}".replace("VIOLATION 1", "VIOLATION"), "utf-8")
    elif here == "broken":
        file.write_text("no header\n\nno notice", "utf-8")
    before = file.read_bytes()
    if news:
        records = Records(BODY.replace("[警告](SANCTION 1)", "警告"))
    found = pulled(records, tmp_path)
    became = "written" if here == "pulled" and news else "unchanged" if here == "pulled" else "kept"
    if here == "changed" and not news:
        became = "unchanged"  # the project says what it said
    assert getattr(found, became) == ["n0"]
    assert (file.read_bytes() == before) is (became != "written")
    assert pulled(records, tmp_path, force=True).kept == []
    assert file.read_text("utf-8").endswith("被警告。" if news else f"\n\n{BODY}")


def test_what_cannot_be_kept_is_set_aside_once_and_comes_back_when_mended(tmp_path: Path) -> None:
    records = Records(BODY, BODY.replace("，", "（一），"), "[林某，受贿](VIOLATION 1)。")
    records.records[1]["entities"][0]["label"] = "NAME"
    records.add("n9", BODY.replace("林", "周"))
    records.add("n9", BODY.replace("林", "吴"))
    folder = tmp_path / "gold"
    found = pulled(records, folder)
    assert found.written == ["n0"]
    reasons = {each["id"]: each["reason"] for each in found.set_aside}
    assert set(reasons) == {"n1", "n2", "n9"}
    assert "unknown label 'NAME'" in reasons["n1"]
    assert reasons["n2"].startswith("[clause] VIOLATION '林某，受贿' crosses '，'")
    assert "several texts of the project have this id" in reasons["n9"]
    assert len(rejects_path(folder).read_text("utf-8").splitlines()) == 4
    pulled(Records(BODY), folder)
    assert not rejects_path(folder).exists()


def test_held_out_notices_do_not_come_in(tmp_path: Path) -> None:
    held = read_gold(HELDOUT)[0]
    records = Records(format_notice(held).partition("\n\n")[2])
    found = pulled(records, tmp_path)
    assert found.written == []
    assert "[near-heldout]" in found.set_aside[0]["reason"]


def test_edges_and_numbers_are_mended() -> None:
    notice, remarks = trimmed(parse("# id: n\n\n[　林某 ](OFFICIAL 1)[ ](SANCTION 1)[受贿](VIOLATION 4)。"))
    assert format_notice(without_gaps(notice)).endswith("\n\n　[林某](OFFICIAL 1)  [受贿](VIOLATION 2)。")
    assert len(remarks) == 2


def test_what_could_not_be_pulled_again_is_not_pushed() -> None:
    rejects: list[Reject] = []
    known = known_notices(cast(Doccano, Records(BODY)), PROJECT)
    given = {
        "n0": "另一篇",
        "m": "林某受贿，被警告。",
        "a/b": "通报甲",
        "k": "见](OFFICIAL)",
        "x": "通报乙",
        "y": "通 报 乙",
    }
    notices = [Notice(name, text) for name, text in given.items()]
    assert [notice.id for notice in new_ones(notices, known, on_reject=rejects.append)] == ["x"]
    assert [reject.reason.partition(":")[0] for reject in rejects] == [
        "another notice has the id 'n0'",
        "the id 'a/b' is no name of a file",
        "broken mark-up near '见](OFFICIAL)'",
    ]
