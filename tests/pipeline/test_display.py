"""A notice in the terminal: colours, line breaks, the table, and nothing that steers the terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from stub_pipeline import stub
from tongbao.corpus.notice import Notice
from tongbao.pipeline.case import Case
from tongbao.pipeline.display import show, wrap
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.pipeline.tagging import tag

TEXT = "镇长林某公车私用，受到党内警告处分；\n周某受到诫勉谈话。"


def shown(notice: Notice | TaggedNotice, *, colour: bool = False, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, force_terminal=colour, color_system="truecolor" if colour else None, width=width, highlight=False
    )
    if isinstance(notice, Notice):
        (notice,) = tag([notice], nlp=stub())
    show(notice, console, colour=colour)
    return stream.getvalue()


def test_without_colour_in_the_form_of_gold() -> None:
    lines = shown(Notice("n1", TEXT, {"title": "通报", "date": "2021-08-20"}, source="a.md")).splitlines()
    assert lines[:5] == [
        "通报",
        "2021-08-20 · a.md",
        "",
        "[镇长](POSITION)[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[党内警告处分](SANCTION 1)；",
        "[周某](OFFICIAL 2)受到[诫勉谈话](SANCTION 2)。",
    ]
    table = "\n".join(lines[5:])
    assert "subject" in table
    assert "2021-08-20" in table
    assert table.index("公车私用") < table.index("周某")


def test_in_colour() -> None:
    text = shown(Notice("n1", TEXT), colour=True)
    assert "\x1b[30;106m林某" in text
    assert "¹" in text
    assert "](OFFICIAL" not in text
    assert " SANCTION " in text


def test_no_case() -> None:
    assert "no case" in shown(Notice("n1", "今天开会。"))


def test_subject_without_a_name() -> None:
    tagged = TaggedNotice(
        Notice("n1", "镇长受到警告。"), (TaggedEntity(0, 2, "POSITION"),), (Case(None, "镇长", (), (0,)),), "m"
    )
    row = shown(tagged).splitlines()[-2]
    assert row.split() == ["1", "镇长", "镇长"]


def test_brackets_are_no_markup_of_the_terminals() -> None:
    assert "[bold]林[/bold][red]" in shown(Notice("n1", "[bold]林[/bold][red]"))


@pytest.mark.parametrize("colour", [True, False])
def test_control_characters_are_left_out(colour: bool) -> None:
    notice = Notice(
        "n1", "林某\x1b[2J\x07\u202e受\x00到\x9b诫勉谈话", {"title": "\x1b]0;x\x07题\n目"}, source="a\x1b[1m.md"
    )
    text = shown(notice, colour=colour)
    assert not {"\x07", "\u202e", "\x00", "\x9b"} & set(text)
    assert "\x1b[2J" not in text
    assert "\x1b]0" not in text
    assert "a[1m.md" in text
    assert "题 目" in text


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in wrap(Text(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("一二三四五六", 6, ["一二三", "四五六"]),
        ("一二三四五六", 7, ["一二三", "四五六"]),
        ("一二三。四五", 6, ["一二", "三。四", "五"]),
        ("一二“三”四", 6, ["一二", "“三”四"]),
        ("一二2021年", 6, ["一二", "2021年"]),
        ("https://a.cn/b", 6, ["https:", "//a.cn", "/b"]),
        ("一", 1, ["一"]),
    ],
)
def test_lines_break_by_width(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@given(st.text("一二，。“”ab1 ", max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    found = lines(text, width)
    assert "".join(found) == text
    assert all(cell_len(line) <= width for line in found)


def test_wrapping_keeps_styles() -> None:
    line = Text().append("一二三四", "red").append("五六", "blue")
    assert [[span.style for span in part.spans] for part in wrap(line, 6)] == [["red"], ["red", "blue"]]
