"""From wordings of posts to their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.posts import is_joined, normalise_post


@pytest.mark.parametrize(
    ("text", "organisation", "head"),
    [
        ("青石镇党委副书记", "青石镇", "党委副书记"),
        ("青石镇镇长", "青石镇", "镇长"),
        ("青石镇长", "青石镇", "镇长"),
        ("镇长", None, "镇长"),
        ("临江县县委书记", "临江县县委", "书记"),
        ("县卫生健康局副局长", "县卫生健康局", "副局长"),
        ("市政协原副主席", "市政协", "副主席"),
        ("原党组书记", None, "党组书记"),
        ("县林业和草原局局长", "县林业和草原局", "局长"),
        ("县水务局技术员", "县水务局", "技术员"),
        ("村支书", None, "村支书"),
        ("分管后勤的副校长", None, "副校长"),
        ("二级调研员", None, "二级调研员"),
        ("縣教育局局長", "县教育局", "局长"),
        ("甲乙丙", None, None),
    ],
)
def test_organisation_and_head(text: str, organisation: str | None, head: str | None) -> None:
    post = normalise_post(text)
    assert (post.organisation, post.head) == (organisation, head)


@pytest.mark.parametrize(
    ("before", "text", "former", "at_the_time"),
    [
        ("", "原党组书记", True, False),
        ("", "市政协原副主席", True, False),
        ("", "前科长", True, False),
        ("，时任", "青石镇镇长", False, True),
        ("历任", "甲县县长", True, False),
        ("", "县林业和草原局局长", False, False),
        ("现任", "镇长", False, False),
    ],
)
def test_whether_it_is_held(before: str, text: str, former: bool, at_the_time: bool) -> None:
    post = normalise_post(text, before=before)
    assert (post.former, post.at_the_time) == (former, at_the_time)


@pytest.mark.parametrize(
    ("text", "level", "inferred"),
    [
        ("白沙村党支部书记", "村", True),
        ("村委会主任", "村", True),
        ("青石镇党委书记", "乡科", True),
        ("副乡长", "乡科", True),
        ("县财政局局长", "乡科", True),
        ("三级主任科员", "乡科", False),
        ("临江县委书记", "县处", True),
        ("副县长", "县处", True),
        ("市住建局副局长", "县处", True),
        ("市住建局建管科科长", "乡科", True),
        ("二级巡视员", "厅局", False),
        ("江州市副市长", "厅局", True),
        ("省教育厅厅长", "厅局", True),
        ("副省长", "省部", True),
        ("县第二小学校长", None, False),
        ("县城投公司董事长", None, False),
        ("市水利局驻白沙村第一书记", None, False),
        ("县教育局工作人员", None, False),
        ("书记", None, False),
    ],
)
def test_level(text: str, level: str | None, inferred: bool) -> None:
    post = normalise_post(text)
    assert (post.level, post.inferred) == (level, inferred)


def test_a_coordinated_post_borrows_the_organisation() -> None:
    first = normalise_post("县卫健局党组书记")
    second = normalise_post("局长", previous=first)
    assert (second.organisation, second.level, second.inferred) == ("县卫健局", "乡科", True)


def test_a_post_borrows_nothing_when_it_stands_alone() -> None:
    assert normalise_post("局长").organisation is None


@pytest.mark.parametrize(
    ("between", "joined"), [("、", True), ("兼", True), ("和", True), ("林某，", False), ("", False)]
)
def test_joined(between: str, joined: bool) -> None:
    assert is_joined(between) is joined


def test_deputies_and_acting_heads() -> None:
    assert normalise_post("常务副县长").deputy
    assert normalise_post("代镇长").acting


@given(st.text(alphabet="原前副代县乡镇村委会书记局长主任、的 \na1", max_size=16))
def test_any_text_is_taken(text: str) -> None:
    record = normalise_post(text).record()
    assert set(record) >= {"organisation", "head", "former", "level", "inferred"}
