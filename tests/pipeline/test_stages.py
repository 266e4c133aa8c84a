"""Stages of a matter: what a measure tells of it, and the furthest of a case."""

from __future__ import annotations

import pytest
from tongbao.pipeline.stages import STAGES, furthest, stage_of


@pytest.mark.parametrize(
    ("stage", "measures"),
    [
        ("clue", "谈话函询 函询 问题线索移交"),
        ("investigation", "立案 立案审查调查 纪律审查和监察调查 留置措施 双规 移送县监委处理 接受组织调查"),
        (
            "discipline",
            "党内警告处分 开除党籍 政务撤职 诫勉谈话 提醒谈话 停职检查 作出书面检查 留党察看一年 通报批评 "
            "收缴违纪违法所得 没收违法所得 罚款1800元 行政拘留五日 拘留15日 司法拘留 免职 改组",
        ),
        (
            "prosecution",
            "刑事拘留 取保候审 逮捕 提起公诉 移送司法机关 移送检察机关依法审查起诉 立案侦查 移送公安机关 移送法办",
        ),
        (
            "verdict",
            "有期徒刑三年 罚金十万元 缓刑二年 拘役一个月 判监三年 获刑十年 死刑，缓期二年执行 没收个人全部财产 "
            "剥夺政治权利终身 免予刑事处罚",
        ),
    ],
)
def test_stage_of_a_measure(stage: str, measures: str) -> None:
    assert {measure: stage_of(measure) for measure in measures.split()} == dict.fromkeys(measures.split(), stage)


@pytest.mark.parametrize(
    ("measures", "stage"),
    [
        ([], None),
        (["党内警告处分"], "discipline"),
        (["开除党籍", "移送检察机关", "留置"], "prosecution"),
        (["有期徒刑三年", "开除党籍"], "verdict"),
    ],
)
def test_the_furthest_counts(measures: list[str], stage: str | None) -> None:
    assert furthest(measures) == stage


def test_stages_are_in_order() -> None:
    assert STAGES == ("clue", "investigation", "discipline", "prosecution", "verdict")
