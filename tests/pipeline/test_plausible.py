"""Warnings of what cannot be."""

from __future__ import annotations

import pytest
from tongbao.pipeline.case import Case
from tongbao.pipeline.norms import normalise_measure
from tongbao.pipeline.plausible import check_norms
from tongbao.pipeline.posts import normalise_post


def warnings(*measures: str, post: str | None = "镇长", organ: str | None = None) -> list[str]:
    """Check a case of one person, or of a body where there is no post."""
    official = None if post is None else "林某"
    positions = () if post is None else (0,)
    sanctions = tuple(range(1, 1 + len(measures)))
    case = Case(official, official or "青石镇党委", positions=positions, sanctions=sanctions, organ=organ)
    norms = {index: normalise_measure(text) for index, text in zip(sanctions, measures, strict=True)}
    return check_norms(case, norms, {} if post is None else {0: normalise_post(post)})


@pytest.mark.parametrize(
    ("measure", "post", "said"),
    [
        ("留党察看三年", "镇长", "one year or two"),
        ("有期徒刑三十年", "镇长", "cannot last P30Y"),
        ("有期徒刑三个月", "镇长", "cannot last P3M"),
        ("拘役二年", "镇长", "cannot last P2Y"),
        ("行政拘留三十日", "镇长", "cannot last P30D"),
        ("缓刑六年", "镇长", "cannot last P6Y"),
        ("留党察看一年", None, "is a body"),
        ("政务记过", None, "is a body"),
        ("改组", "镇长", "is a person"),
        ("政务撤职", "白沙村党支部书记", "posts of a village"),
    ],
)
def test_the_impossible_is_told(measure: str, post: str | None, said: str) -> None:
    (warning,) = warnings(measure, post=post)
    assert said in warning


@pytest.mark.parametrize(
    ("measures", "post"),
    [
        (["留党察看一年"], "镇长"),
        (["留党察看"], "镇长"),
        (["有期徒刑二十五年"], "镇长"),
        (["有期徒刑三年", "缓刑四年"], "镇长"),
        (["政务记过"], "白沙村党支部书记"),
        (["党内警告", "政务撤职"], "镇长"),
        (["改组"], None),
        (["通报批评"], None),
        (["剥夺政治权利终身", "死缓"], "镇长"),
        ([], "镇长"),
    ],
)
def test_the_possible_is_not(measures: list[str], post: str | None) -> None:
    assert warnings(*measures, post=post) == []


def test_long_terms_are_not_suspended() -> None:
    (warning,) = warnings("有期徒刑四年", "缓刑五年")
    assert "cannot be suspended" in warning


def test_a_party_branch_imposes_no_state_discipline() -> None:
    (warning,) = warnings("政务警告", organ="白沙村党支部")
    assert "organ of the Party alone" in warning
