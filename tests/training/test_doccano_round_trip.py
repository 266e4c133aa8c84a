"""Push, correct, pull on a real doccano server: nothing is lost, and what an annotator did comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_doccano import INSTALLED, ROOT, Annotator, LocalDoccano
from tongbao.corpus.folder import TRAIN, read_gold
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import Notice
from tongbao.training.doccano_server import Doccano, Login
from tongbao.training.headway import headway
from tongbao.training.pull import Pulled, pull, rejects_path
from tongbao.training.push import find_project, known_notices, make_project, new_ones, record_of, upload

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (INSTALLED / ".ready").exists(), reason="`make test-full` installs doccano"),
]

STRANGE = [
    "😀[林某](OFFICIAL 1)👨‍👩‍👧[收受𠮷祥村村民红包](VIOLATION 1)，被[开除党籍](SANCTION 1)🎉。",
    "[𠮷𡈽某](OFFICIAL 1)\r\n[公车私用](VIOLATION 1)。\r\n\r\n　　被[党内警告处分](SANCTION 1)。\u2028完",
    "葛󠄀城镇[镇长](POSITION 1)[é某](OFFICIAL 1)[旷工](VIOLATION 1)，\t被[诫勉谈话](SANCTION 1)&nbsp;。",
    "[周某](OFFICIAL 1)单独成案，“无”标记。😀",
]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDoccano]:
    with LocalDoccano(tmp_path_factory.mktemp("doccano")) as started:
        yield started


@pytest.fixture
def server(local: LocalDoccano, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doccano]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(ROOT / ".venv" / "cache"))
    with Doccano(Login(local.url, local.user, local.password), say=lambda _: None) as session:
        yield session


def gold(number: int) -> list[Notice]:
    """So many notices of the corpus and the strange ones."""
    strange = [parse(f"# id: strange_{at}\n\n{body}") for at, body in enumerate(STRANGE)]
    notices = read_gold(TRAIN)
    wanted = number - len(strange)
    return [*notices[:: len(notices) // wanted][:wanted], *strange]


def pushed(server: Doccano, name: str, notices: list[Notice]) -> None:
    project = make_project(server, name)
    new = new_ones(notices, known_notices(server, project), on_reject=lambda reject: pytest.fail(str(reject)))
    upload(server, project, [record_of(notice) for notice in new], done=lambda _: None)


def pulled(server: Doccano, name: str, folder: Path, *, force: bool = False) -> Pulled:
    project = find_project(server, name)
    assert project is not None
    return pull(server, project, folder, force=force, done=lambda _: None)


def test_a_hundred_notices_come_back_without_a_difference(local: LocalDoccano, server: Doccano, tmp_path: Path) -> None:
    notices = gold(100)
    pushed(server, "hundred", notices)
    pushed(server, "hundred", notices)
    annotator = Annotator(local.url, local.user, local.password, "hundred")
    examples = annotator.examples()
    assert [example["meta"]["id"] for example in examples] == [notice.id for notice in notices]
    assert {key["text"]: key["suffix_key"] for key in annotator.get(f"{annotator.project}/span-types")} == {
        "OFFICIAL": "o",
        "POSITION": "p",
        "SANCTION": "s",
        "VIOLATION": "v",
    }
    for example in examples:
        annotator.confirm(example["id"])
    found = pulled(server, "hundred", tmp_path / "gold")
    assert (len(found.written), found.kept, found.set_aside) == (100, [], [])
    back = {notice.id: notice for notice in read_gold(tmp_path / "gold")}
    for notice in notices:
        came = back[notice.id]
        assert (came.text, came.entities) == (notice.text, notice.entities)
        added = {key: came.meta[key] for key in ("annotator", "confirmed", "pulled")}
        assert added["annotator"] == "admin"
        assert came.meta == {**notice.meta, **added}
    again = pulled(server, "hundred", tmp_path / "gold")
    assert (again.written, len(again.unchanged)) == ([], 100)


def test_what_an_annotator_did_comes_back(local: LocalDoccano, server: Doccano, tmp_path: Path) -> None:
    body = "😀[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 2)旷工，被[警告](SANCTION 1)。"
    pushed(server, "edited", [parse(f"# id: n1\n\n{body}"), parse("# id: n2\n\n无人被处理。")])
    local.add_user("chen", "ein-anderes-9")
    admin = Annotator(local.url, local.user, local.password, "edited")
    (chen,) = [user["id"] for user in admin.get("users") if user["username"] == "chen"]
    (role,) = [role["id"] for role in admin.get("roles") if role["name"] == "annotator"]
    admin.post(f"{admin.project}/members", user=chen, role=role)

    annotator = Annotator(local.url, "chen", "ein-anderes-9", "edited")
    example = annotator.examples()[0]["id"]
    text = annotator.examples()[0]["text"]
    spans = sorted(annotator.spans(example), key=lambda span: int(span["start_offset"]))
    # Pages count UTF-16, in which the emoji is two.
    at = text.index("旷工") + 1
    wrong = annotator.mark(example, at, at + 2, "VIOLATION")
    annotator.link(example, wrong, spans[2]["id"])
    annotator.unmark(example, spans[3]["id"])
    annotator.mark(example, text.index("警告") + 1, text.index("警告") + 3, "SANCTION")
    annotator.confirm(example)

    folder = tmp_path / "gold"
    assert pulled(server, "edited", folder).written == ["n1"]
    written = (folder / "n1.md").read_text("utf-8")
    assert written.partition("\n\n")[2] == (
        "😀[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[旷工](VIOLATION 2)，被[警告](SANCTION)。"
    )
    assert "# annotator: chen\n# confirmed: 20" in written
    found = headway(server, server.projects("edited")[0])
    assert (found.total, found.confirmed, found.by_annotator) == (2, 1, {"admin": 0, "chen": 1})

    # A file that was changed here is kept, once the project says something new.
    (folder / "n1.md").write_text(written.replace("(SANCTION)", "(SANCTION 1)"), "utf-8")
    assert pulled(server, "edited", folder).unchanged == ["n1"]
    annotator.unmark(example, wrong)
    assert pulled(server, "edited", folder).kept == ["n1"]
    assert "(SANCTION 1)" in (folder / "n1.md").read_text("utf-8")
    assert pulled(server, "edited", folder, force=True).written == ["n1"]
    assert "旷工](VIOLATION" not in (folder / "n1.md").read_text("utf-8")


def test_what_breaks_the_guideline_is_set_aside(local: LocalDoccano, server: Doccano, tmp_path: Path) -> None:
    pushed(server, "broken", [parse(f"# id: n{at}\n\n林某 受贿，被警告{at}。") for at in range(2)])
    annotator = Annotator(local.url, local.user, local.password, "broken")
    first, second = (example["id"] for example in annotator.examples())
    annotator.mark(first, 0, 3, "OFFICIAL")
    annotator.mark(second, 3, 8, "VIOLATION")
    for example in (first, second):
        annotator.confirm(example)
    found = pulled(server, "broken", tmp_path / "gold")
    assert found.written == ["n0"]
    assert "n0: white space at the edges of OFFICIAL '林某 ' taken off" in found.remarks
    assert (tmp_path / "gold" / "n0.md").read_text("utf-8").endswith("\n\n[林某](OFFICIAL) 受贿，被警告0。")
    assert [(each["id"], each["reason"].partition("]")[0]) for each in found.set_aside] == [("n1", "[clause")]
    assert rejects_path(tmp_path / "gold").exists()
    assert not (tmp_path / "gold" / "n1.md").exists()
