"""From wordings of measures to codes, terms and amounts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.norms import Context, Norm, as_record, normalise_measure, norms_of


def codes(text: str, context: Context | None = None) -> list[str]:
    """One string a measure; ``a|b`` where it stays open."""
    norms = normalise_measure(text) if context is None else normalise_measure(text, context)
    return [norm.code or "|".join(norm.codes) for norm in norms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("党内警告处分", ["party.warning"]),
        ("党内严重警告", ["party.serious_warning"]),
        ("严重警告处分", ["party.serious_warning"]),
        ("撤销党内职务", ["party.post_removal"]),
        ("开除党籍处分", ["party.expulsion"]),
        ("政务记大过处分", ["state.serious_demerit"]),
        ("行政撤职处分", ["administrative.removal"]),
        ("降低岗位等级处分", ["institution.post_lowered"]),
        ("免去其村党支部书记职务", ["organisational.removal"]),
        ("责令辞去村委会主任职务", ["organisational.ordered_resignation"]),
        ("停职检查", ["organisational.suspension"]),
        ("立案检查", ["supervision.case_filed"]),
        ("诫勉谈话处理", ["education.admonition"]),
        ("谈话提醒", ["education.reminder"]),
        ("责令作出书面检查", ["education.self_criticism"]),
        ("全县通报批评", ["education.public_criticism"]),
        ("通报问责", ["accountability.circular"]),
        ("立案审查调查", ["supervision.review_inquiry"]),
        ("纪律审查和监察调查", ["supervision.review_inquiry"]),
        ("移送检察机关依法审查起诉", ["supervision.referred_prosecution"]),
        ("移送司法机关", ["supervision.referred_justice"]),
        ("移送公安机关处理", ["supervision.referred_police"]),
        ("提起公诉", ["judicial.prosecution"]),
        ("收缴其违纪违法所得", ["economic.surrendered"]),
        ("责令退赔", ["economic.restitution"]),
        ("责令清退违规收费", ["economic.returned"]),
        ("解除劳动合同", ["employment.contract_ended"]),
        ("调离执法岗位", ["employment.reassigned"]),
        ("终止其市第九次党代会代表资格", ["status.delegate_ended"]),
        ("取消其享受的待遇", ["status.benefits_cancelled"]),
        ("無期徒刑", ["judicial.life"]),
        ("黨內(nèi)警告處分", ["party.warning"]),
        ("党内\n警告处分", ["party.warning"]),
        ("罚球两次", []),
    ],
)
def test_codes(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("双开", ["party.expulsion", "state.expulsion"]),
        ("雙開", ["party.expulsion", "state.expulsion"]),
        ("开除党籍和公职", ["party.expulsion", "state.expulsion"]),
        ("党纪政务处分", ["party.sanction", "state.sanction"]),
        ("党纪政纪处分", ["party.sanction", "administrative.sanction"]),
        ("撤销党内外一切职务", ["party.post_removal", "state.removal|administrative.removal"]),
    ],
)
def test_combined_names_are_several_measures(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "term", "amount"),
    [
        ("留党察看一年处分", "P1Y", None),
        ("有期徒刑十二年六个月", "P12Y6M", None),
        ("死刑，缓期二年执行", "P2Y", None),
        ("死缓", "P2Y", None),
        ("行政拘留十日", "P10D", None),
        ("剥夺政治权利终身", "life", None),
        ("罚金人民币一百二十万元", None, 1_200_000),
        ("罰款5萬元", None, 50_000),
        ("没收个人财产人民币三十万元", None, 300_000),
        ("追缴违纪所得4380元", None, 4380),
        ("罚金", None, None),
        ("没收个人全部财产", None, None),
    ],
)
def test_terms_and_amounts(text: str, term: str | None, amount: float | None) -> None:
    (norm,) = normalise_measure(text)
    assert (norm.term, norm.amount) == (term, amount)


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        (Context(), "警告", "party.warning|state.warning|administrative.warning"),
        (Context(before="受到党内"), "警告处分", "party.warning"),
        (Context(before="给予其政务"), "警告", "state.warning"),
        (Context(date="2012-05"), "记过", "administrative.demerit"),
        (Context(date="2023"), "记过", "state.demerit"),
        (Context(date="2018"), "记过", "state.demerit|administrative.demerit"),
        (Context(date="2020"), "撤职", "state.removal|administrative.removal"),
        (Context(date="2021-02", before="县医院护士丁某受到"), "记过", "state.demerit|institution.demerit"),
        (Context(neighbours=("政务降级",)), "记过处分", "state.demerit"),
        (Context(neighbours=("行政记过",)), "撤职", "administrative.removal"),
        (Context(neighbours=("记过",), date="2022"), "警告", "state.warning"),
        (Context(neighbours=("严重警告", "撤职")), "警告", "party.warning"),
        (Context(neighbours=("党纪政务处分",)), "撤职", "state.removal|administrative.removal"),
        (Context(date="2009"), "开除公职", "administrative.expulsion"),
        (Context(), "开除公职", "state.expulsion"),
        (Context(body=True), "作出书面检查", "accountability.body_review"),
        (Context(before="以受贿罪判处其有期徒刑九年，"), "罚款五十万元", "judicial.fine"),
        (Context(), "罚款五十万元", "economic.fine"),
    ],
)
def test_context_decides_or_leaves_it_open(context: Context, text: str, expected: str) -> None:
    assert codes(text, context) == [expected]


def test_what_context_decides_is_marked() -> None:
    by_date, by_word = Context(date="2023"), Context(before="给予政务")
    assert normalise_measure("记过", by_date)[0].inferred
    assert not normalise_measure("记过", by_word)[0].inferred
    assert not normalise_measure("政务记过")[0].inferred


def test_open_words_have_neither_code_nor_rank() -> None:
    (norm,) = normalise_measure("撤职")
    assert norm == Norm(None, codes=("state.removal", "administrative.removal"))


@pytest.mark.parametrize("text", ["党内警告", "双开", "撤职", "有期徒刑三年", "罚金二万元"])
def test_records_are_json_and_come_back(text: str) -> None:
    norms = normalise_measure(text)
    record = json.loads(json.dumps(as_record(norms)))
    assert norms_of(record) == norms
    assert record["code"] == norms[0].code
    assert [other["code"] for other in record["also"]] == [norm.code for norm in norms[1:]]


def test_no_norm_is_no_record() -> None:
    assert as_record(()) is None
    assert norms_of(None) == ()


@given(st.text(alphabet="党内警告处分开除公职双行政务记过罚金万元一二三年个月、（）\n aP1９", max_size=20))
def test_any_text_is_taken(text: str) -> None:
    for norm in normalise_measure(text):
        assert (norm.code is None) == bool(norm.codes)
