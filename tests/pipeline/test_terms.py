"""Durations of measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.terms import LIFE, parse_term, years_of


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("留党察看一年", "P1Y"),
        ("留党察看两年", "P2Y"),
        ("有期徒刑三年六个月", "P3Y6M"),
        ("有期徒刑3年6月", "P3Y6M"),
        ("有期徒刑十年零六个月", "P10Y6M"),
        ("获刑十年半", "P10Y6M"),
        ("有期徒刑十五年", "P15Y"),
        ("囚二十个月", "P20M"),
        ("拘役一个月十五天", "P1M15D"),
        ("行政拘留10日", "P10D"),
        ("停驾公务车半年", "P6M"),
        ("160小时社会服务令", "PT160H"),
        ("一百六十小时社会服务令", "PT160H"),
        ("剥夺政治权利终身", LIFE),
        ("三年内不得提拔", "P3Y"),
        ("留党察看", None),
        ("追索2016年以来的薪酬", None),
        ("2021年", None),
        ("取消当年评优资格", None),
    ],
)
def test_terms(text: str, term: str | None) -> None:
    assert parse_term(text) == term


@given(st.integers(0, 30), st.integers(0, 11), st.integers(0, 30))
def test_digits_come_back(years: int, months: int, days: int) -> None:
    written = "".join(f"{value}{unit}" for value, unit in ((years, "年"), (months, "个月"), (days, "日")) if value)
    expected = "".join(f"{value}{unit}" for value, unit in ((years, "Y"), (months, "M"), (days, "D")) if value)
    assert parse_term(written) == (f"P{expected}" if expected else None)


@given(st.text(max_size=30))
def test_any_text_is_taken(text: str) -> None:
    parse_term(text)


@pytest.mark.parametrize(("term", "years"), [("P2Y", 2), ("P18M", 1.5), ("P3Y6M", 3.5), (LIFE, None), ("PT160H", None)])
def test_years(term: str, years: float | None) -> None:
    assert years_of(term) == years
