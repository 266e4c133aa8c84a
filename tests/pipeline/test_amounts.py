"""Amounts of money: how notices write them, and what is no number or no money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.amounts import parse_yuan


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("收受礼金6000元", [6000]),
        ("套取补贴3.2万元", [32_000]),
        ("罚款1,200.50元", [1200.5]),
        ("罚款１２，０００元", [12_000]),
        ("受贿20余万元", [200_000]),
        ("受贿300万余元", [3_000_000]),
        ("贪污1亿2000万元", [120_000_000]),
        ("贪污1.5亿多元", [150_000_000]),
        ("挪用3 万元", [30_000]),
        ("挪用3万4千元", [34_000]),
        ("挪用3千5百万元", [35_000_000]),
        ("涉及1万亿元", [1e12]),
        ("三万五千元", [35_000]),
        ("一百二十余万元", [1_200_000]),
        ("一万零五十元", [10_050]),
        ("十五元", [15]),
        ("两千元", [2000]),
        ("二〇〇元", [200]),
        ("壹万贰仟圆", [12_000]),
        ("三萬餘元", [30_000]),
        ("并处罚金人民币五十万元", [500_000]),
        ("折合人民币50万", [500_000]),
        ("折合50万人民币", [500_000]),
        ("￥5,000", [5000]),
        ("200块钱", [200]),
        ("收受现金5000元、购物卡1200元", [5000, 1200]),
        ("每人5至10万元", [50_000, 100_000]),
        ("罚款500元至800元", [500, 800]),
        ("罚款500-1万元", [500, 10_000]),
        ("2021年8月20日，收受500元", [500]),
    ],
)
def test_yuan(text: str, amounts: list[float]) -> None:
    assert parse_yuan(text) == amounts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "数万元",
        "几十万元",
        "数百元",
        "近百万元",
        "上千元",
        "三四万元",
        "3万美元",
        "5000港币",
        "1万欧元",
        "2020元旦",
        "2021元月",
        "400万人",
        "3次",
        "2021年8月20日",
        "元",
    ],
)
def test_no_number_of_yuan(text: str) -> None:
    assert parse_yuan(text) == []


@given(st.decimals(min_value=1, max_value=10**9, places=2))
def test_every_plain_number(value: object) -> None:
    assert parse_yuan(f"罚款{value}元。") == [float(str(value))]
    assert parse_yuan(f"罚款{value:,}元。") == [float(str(value))]


def test_long_runs_of_digits_take_no_time() -> None:
    assert parse_yuan("1" * 5000) == []
    assert parse_yuan("一" * 5000) == []
    assert parse_yuan("1万" * 3000) == []
