"""Columns: BIO and BMES, exact with a header, plain for other taggers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.corpus.columns import Scheme, Split, format_columns, read_columns, tags, write_columns
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.notice import Notice

from .notice_samples import AWKWARD, notice, notices

SPLITS: list[Split] = ["sentence", "paragraph", "notice"]


@pytest.mark.parametrize("scheme", ["bio", "bmes"])
@pytest.mark.parametrize("split", SPLITS)
def test_notices_come_back_from_a_file(tmp_path: Path, scheme: Scheme, split: Split) -> None:
    path = tmp_path / "gold"
    write_columns(AWKWARD, path, scheme=scheme, split=split)
    assert read_columns(path) == AWKWARD


@given(st.lists(notices(), max_size=3), st.sampled_from(["bio", "bmes"]), st.sampled_from(SPLITS))
@settings(deadline=None)
def test_any_notices_come_back(
    tmp_path_factory: pytest.TempPathFactory, some: list[Notice], scheme: Scheme, split: Split
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    write_columns(some, path, scheme=scheme, split=split)
    assert read_columns(path) == some


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("bio", "O B-OFFICIAL B-OFFICIAL I-OFFICIAL B-SANCTION I-SANCTION I-SANCTION O"),
        ("bmes", "O S-OFFICIAL B-OFFICIAL E-OFFICIAL B-SANCTION M-SANCTION E-SANCTION O"),
    ],
)
def test_tags(scheme: Scheme, expected: str) -> None:
    assert tags(notice("给[甲](OFFICIAL)[乙某](OFFICIAL)[记大过](SANCTION)。"), scheme=scheme) == expected.split()


@pytest.mark.parametrize(
    ("split", "parts"),
    [
        ("sentence", ["甲说：“行。”", "乙来了。", "【某。某】、丙"]),
        ("paragraph", ["甲说：“行。”乙来了。", "【某。某】、丙"]),
        ("notice", ["甲说：“行。”乙来了。【某。某】、丙"]),
    ],
)
def test_plain_columns_have_no_white_space_and_no_break_inside_an_entity(split: Split, parts: list[str]) -> None:
    body = "甲 说：“行。”乙来了。\n\n　【[某。某](OFFICIAL 1)】、丙"
    lines = format_columns(notice(body), scheme="bio", split=split, plain=True)
    assert [part.replace("\n", "") for part in "".join(line[0] for line in lines.splitlines(True)).split("\n\n")]
    blocks = [block for block in lines.split("\n\n") if block]
    assert ["".join(line.split("\t")[0] for line in block.splitlines()) for block in blocks] == parts
    assert {len(line.split("\t")) for block in blocks for line in block.splitlines()} == {2}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("林\tO\n", ":1: no '# id: …' in front"),
        ("# form: brief\n", "no '# id: …' in front"),
        ("# id: a\n林\tO\n", ":2: not a character, a tag and case numbers"),
        ("# id: a\n林某\tO\t_\n", ":2: not a character"),
        ("# id: a\n林\tB-PERSON\t_\n", ":2: unknown tag 'B-PERSON'"),
        ("# id: a\n林\tO\t_\n\n某\tI-OFFICIAL\t_\n", ":4: I-OFFICIAL continues nothing"),
        ("# id: a\n林\tB-SANCTION\t_\n某\tE-OFFICIAL\t_\n", ":3: E-OFFICIAL continues nothing"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.bio"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        read_columns(path)
    assert message in str(caught.value)


def test_a_header_that_breaks_its_line_is_refused() -> None:
    with pytest.raises(AnnotationError, match="header"):
        format_columns(Notice("a", "林", {"title": "一\n二"}), scheme="bio")
