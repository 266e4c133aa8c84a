"""The inline form: what it means, and where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.inline import format_notice, parse, read_notice, write_notice
from tongbao.corpus.notice import Notice

from .notice_samples import AWKWARD, SHARED_VIOLATION, notices


def test_marks_become_spans_of_the_text() -> None:
    assert SHARED_VIOLATION.text.startswith("对履行督办职责不力的青石镇党委副书记、镇长林某给予党内警告处分")
    assert [(SHARED_VIOLATION.span_text(e), e.label, e.cases) for e in SHARED_VIOLATION.entities] == [
        ("履行督办职责不力", "VIOLATION", (1, 2)),
        ("青石镇党委副书记", "POSITION", (1,)),
        ("镇长", "POSITION", (1,)),
        ("林某", "OFFICIAL", (1,)),
        ("党内警告处分", "SANCTION", (1,)),
        ("机关干部", "POSITION", (2,)),
        ("周某", "OFFICIAL", (2,)),
        ("诫勉谈话处理", "SANCTION", (2,)),
    ]
    assert dict(SHARED_VIOLATION.meta) == {"form": "brief"}


@pytest.mark.parametrize("sample", AWKWARD, ids=lambda sample: sample.id)
def test_written_notices_come_back_from_a_file(tmp_path: Path, sample: Notice) -> None:
    path = tmp_path / "notice.md"
    write_notice(sample, path)
    assert read_notice(path) == sample


@given(notices())
def test_any_notice_comes_back_or_is_refused(notice: Notice) -> None:
    try:
        content = format_notice(notice)
    except AnnotationError:
        return
    assert parse(content) == notice


@pytest.mark.parametrize("text", ["见[附件](http://example.org)。", "【甲】(乙)", "[ ]待办", "f(x)[0]"])
def test_brackets_that_mark_nothing_are_text(text: str) -> None:
    assert parse(f"# id: a\n\n{text}").text == text


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("", "1:1", "no empty line"),
        ("# id: a\n", "2:1", "no empty line"),
        ("\n文", "1:1", "no '# id: …' line"),
        ("# form: a\n\n文", "1:1", "no '# id: …' line"),
        ("# id: a\n文", "2:1", "no empty line"),
        ("# id: a\n文\n", "2:1", "write '# key: value'"),
        ("# id: a\r\n\r\n文", "1:1", "save it with"),
        ("# id: a\n# id: b\n\n文", "2:3", "'id' stands twice"),
        ("# id: a\n\n文[甲](NAME)", "3:4", "broken mark-up"),
        ("# id: a\n\n文\n一[甲](OFFICIAL,1)", "4:4", "broken mark-up"),
        ("# id: a\n\n[甲[乙](POSITION)](OFFICIAL)", "3:16", "broken mark-up"),
        ("# id: a\n\n甲](OFFICIAL 1)", "3:2", "broken mark-up"),
        ("# id: a\n\n[甲] (OFFICIAL 1)", "3:5", "broken mark-up"),
        ("# id: a\n\n[甲](OFFICIAL 2,1)", "3:14", "ascend"),
        ("# id: a\n\n[甲](OFFICIAL 0)", "3:14", "start at 1"),
    ],
)
def test_errors_name_file_line_and_column(content: str, place: str, message: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        parse(content, where="gold/a.md")
    assert caught.value.where == f"gold/a.md:{place}"
    assert message in caught.value.what


@pytest.mark.parametrize(
    "notice",
    [
        Notice("a", "[甲](OFFICIAL)"),
        Notice("a", "文", {"title": "一\n二"}),
        Notice("a", "文", {"id": "b"}),
        Notice("a", "文", {"no key": "b"}),
    ],
)
def test_what_has_no_inline_form_is_refused(notice: Notice) -> None:
    with pytest.raises(AnnotationError):
        format_notice(notice)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.md"
    path.write_bytes("# id: a\n\n通报".encode("gb18030"))
    with pytest.raises(AnnotationError, match=r"gbk\.md: not UTF-8 \(byte 11\)"):
        read_notice(path)
