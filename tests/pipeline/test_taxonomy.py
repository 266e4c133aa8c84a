"""The tables of measures: every row is whole, sourced and reachable."""

from __future__ import annotations

import re

import pytest
from tongbao.pipeline.norms import Context, normalise_measure
from tongbao.pipeline.taxonomy import KINDS, Row, find_measures, form_of, spelled_out, taxonomy

ROWS = tuple(taxonomy().rows.values())
# Rows that have no word of their own: the context that leads to them.
BY_CONTEXT = {
    "institution.warning": ("警告", Context(neighbours=("降低岗位等级",))),
    "institution.demerit": ("记过", Context(neighbours=("降低岗位等级",))),
    "institution.expulsion": ("开除", Context(neighbours=("降低岗位等级",))),
}


def test_each_kind_has_rows() -> None:
    assert {row.kind for row in ROWS} == set(KINDS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_row_is_sourced(row: Row) -> None:
    assert row.en.strip() == row.en
    assert row.derived == (row.kind == "four_forms")
    if row.source.article is not None:
        assert row.source.regulation
        assert row.source.year
    if row.source.year is not None:
        assert 1978 < row.source.year < 2030


@pytest.mark.parametrize("row", [row for row in ROWS if row.wordings], ids=lambda row: row.code)
def test_row_is_reached_by_a_wording(row: Row) -> None:
    assert any(row.code in {norm.code for norm in normalise_measure(text)} for text in _samples(row)), row.zh


@pytest.mark.parametrize("row", [row for row in ROWS if not row.wordings], ids=lambda row: row.code)
def test_row_without_wording_is_reached_by_context(row: Row) -> None:
    word, context = BY_CONTEXT[row.code]
    (norm,) = normalise_measure(word, context)
    assert norm.code == row.code
    assert norm.inferred


@pytest.mark.parametrize("row", [row for row in ROWS if row.severity is None], ids=lambda row: row.code)
def test_open_names_have_no_rank(row: Row) -> None:
    assert row.code.endswith((".sanction", ".measure", ".held", ".coercive"))


def test_the_longest_wording_counts() -> None:
    assert [found.codes for found in find_measures("党内严重警告")] == [("party.serious_warning",)]
    assert [found.codes for found in find_measures("移送检察机关依法审查起诉")] == [
        ("supervision.referred_prosecution",)
    ]


def test_combined_names_are_spelled_out() -> None:
    assert spelled_out("“双开”") == "开除党籍、开除公职"
    assert spelled_out("党纪政务处分") == "党纪处分、政务处分"


@pytest.mark.parametrize(
    ("codes", "form"),
    [
        (["education.reminder"], 1),
        (["party.warning", "education.criticism"], 2),
        (["party.expulsion", "state.expulsion"], 3),
        (["party.expulsion", "supervision.referred_prosecution"], 4),
        (["economic.surrendered"], None),
        ([], None),
    ],
)
def test_form_is_that_of_the_gravest(codes: list[str], form: int | None) -> None:
    assert form_of(codes) == form


def _samples(row: Row) -> list[str]:
    """Texts that may show the row: its names, alone and with a word that its kind needs."""
    prefix = {"party": "党内", "state": "政务", "administrative": "行政"}.get(row.kind, "")
    plain = [re.sub(r"[（(].*", "", name) for name in row.zh]
    known = {
        "party_body.reorganised": "改组",
        "education.self_criticism": "作出书面检查",
        "accountability.body_review": "责令镇党委作出书面检查",
        "accountability.circular": "通报问责",
        "economic.costs": "责令个人承担",
        "economic.returned": "责令退还",
        "economic.pay_withheld": "扣发当月绩效工资",
        "penalty.licence_suspended": "暂扣驾驶证六个月",
        "penalty.licence_revoked": "吊销驾驶证",
        "penalty.certificate_withdrawn": "收回执法证",
        "penalty.business_suspended": "责令停业整顿",
        "penalty.grade_lowered": "降低资质等级",
        "penalty.career_ban": "禁止从业五年",
        "judicial.confiscation": "没收个人全部财产",
        "judicial.community_service": "160小时社会服务令",
        "employment.appraisal": "年度考核降为不合格",
        "supervision.referred": "移送县监委处理",
        "status.appraisal_barred": "取消年度评优资格",
        "status.promotion_barred": "两年内不得提拔",
        "status.honour_revoked": "撤销劳动模范称号",
        "status.benefits_cancelled": "取消退休待遇",
        "status.qualification_cancelled": "取消监理资格",
        "status.delegate_ended": "终止其市第九次党代会代表资格",
        "status.deputy_ended": "终止其县人大代表资格",
        "status.cppcc_ended": "撤销政协委员资格",
        "status.blacklisted": "列入黑名单",
        "organisational.post_revoked": "撤销园长职务",
    }
    return [*plain, *(prefix + name for name in plain), *([known[row.code]] if row.code in known else [])]
