"""Dates in the many ways they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.pipeline.dates import iso_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-08-20", "2021-08-20"),
        ("2021-08-20T23:30:00+00:00", "2021-08-20"),
        ("2016-08-12 11:20", "2016-08-12"),
        ("2021/8/9", "2021-08-09"),
        ("2021.8.9", "2021-08-09"),
        ("2021年8月20日", "2021-08-20"),
        ("二〇二三年十二月二十一日", "2023-12-21"),
        ("二○○八年六月十日", "2008-06-10"),
        ("民國112年5月3日", "2023-05-03"),
        ("20210820", "2021-08-20"),
        ("1629470000", "2021-08-20"),
        ("Fri, 20 Aug 2021 14:56:47 GMT", "2021-08-20"),
        ("August 20, 2021", "2021-08-20"),
        ("2021-13-45", None),
        ("2021年8月", None),
        ("昨天", None),
        ("二〇二三年十十月十日", None),
        ("", None),
    ],
)
def test_iso_date(written: str, iso: str | None) -> None:
    assert iso_date(written) == iso


@settings(deadline=None)
@given(st.text(max_size=30) | st.text("0123456789-/.年月日一十 ", max_size=14))
def test_anything_is_a_date_or_none(written: str) -> None:
    found = iso_date(written)
    assert found is None or len(found) == 10


@given(st.dates(min_value=__import__("datetime").date(1000, 1, 1)))
def test_iso_dates_stay(day: object) -> None:
    assert iso_date(str(day)) == str(day)
