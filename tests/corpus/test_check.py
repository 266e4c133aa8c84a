"""The guideline's mechanical rules, on sentences that break them and sentences that seem to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from spacy.tokens import Doc
from spacy.vocab import Vocab
from tongbao.corpus.check import Finding, broken, check, inline_place, misaligned
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.corpus.inline import format_notice, parse
from tongbao.corpus.notice import Entity, Notice
from tongbao.corpus.rules import SPAN_RULES

from .notice_samples import SHARED_VIOLATION, notice, notices


def rules(body: str) -> list[str]:
    return [finding.rule for finding in check([notice(body)])]


BROKEN = [
    ("edge", "[“大管家](OFFICIAL)来了"),
    ("edge", "免去[镇长、](POSITION 1)[林某](OFFICIAL 1)"),
    ("edge", "[林某](OFFICIAL 1)[私设金库”](VIOLATION 1)"),
    ("edge", "[ 林某](OFFICIAL)"),
    ("edge", '[收"红包](VIOLATION 1)'.replace("红包]", '红包"茶"]')),
    ("paragraph", "给予[党内\n\n警告](SANCTION)"),
    ("paragraph", "给予[党内\n　　警告](SANCTION)"),
    ("clause", "[收受礼金，违规吃喝](VIOLATION 1)"),
    ("clause", "[收受礼金;违规吃喝](VIOLATION 1)"),
    ("clause", "[收受礼金.违规吃喝](VIOLATION 1)"),
    ("clause", "[声称：没有收礼](VIOLATION 1)"),
    ("start", "[时任镇长](POSITION 1)"),
    ("start", "[作为村支书](POSITION 1)"),
    ("start", "[其妻舅乡长](POSITION 1)"),
    ("start", "[给予党内警告处分](SANCTION 1)"),
    ("start", "[被约谈](SANCTION 1)"),
    ("start", "[在全县通报批评](SANCTION 1)"),
    ("start", "[8月12日擅自离岗](VIOLATION 1)"),
    ("start", "[并收受礼金](VIOLATION 1)"),
    ("start", "[还\n收受礼金](VIOLATION 1)"),
    ("end", "[林某同志](OFFICIAL)"),
    ("end", "[周大山局长](OFFICIAL)"),
    ("end", "[副县长（正处级）](POSITION)"),
    ("end", "[违规吃喝问题](VIOLATION 1)"),
    ("end", "[弄虚作假行为](VIOLATION 1)"),
    ("end", "[受贿案](VIOLATION 1)"),
    ("end", "[履职不力的](VIOLATION 1)主任"),
    ("joined", "[县委副书记、县长](POSITION 1)"),
    ("joined", "[党委书记兼镇长](POSITION 1)"),
    ("joined", "[村支书记和会计](POSITION 1)"),
    ("joined", "[党内严重警告、政务降级处分](SANCTION 1)"),
    ("joined", "[有期徒刑三年，缓刑四年](SANCTION 1)"),
    ("joined", "[批评教育并责令检查](SANCTION 1)"),
    ("never", "所得[上缴国库](SANCTION 1)"),
    ("never", "[造成不良影响](VIOLATION 1)"),
    ("never", "[党员](POSITION)"),
    ("left-out", "受到[党内警告](SANCTION 1)处分。"),
    ("left-out", "受到[党内警告](SANCTION 1)\n处分。"),
    ("former", "，原[副镇长](POSITION 1)"),
    ("no-case", "[收受礼金](VIOLATION)"),
    ("case-gap", "[林某](OFFICIAL 1)[周某](OFFICIAL 3)"),
    ("case-gap", "[林某](OFFICIAL 2)"),
    ("case-order", "[林某](OFFICIAL 2)、[周某](OFFICIAL 1)"),
    ("name-case", "[林某](OFFICIAL 1)、[周某](OFFICIAL 2)，[林某](OFFICIAL 2)"),
    ("name-case", "[林某](OFFICIAL 1)认错，[林某](OFFICIAL)"),
    ("name-repeat", "[邬德海](OFFICIAL)说，邬德海没来"),
    ("name-repeat", "[邬德海](OFFICIAL)说，邬德\n海没来"),
    ("name-repeat", "[邬德海](OFFICIAL)说，邬(wū)德海没来"),
    ("name-repeat", "[林某](OFFICIAL)说，林某没来"),
    ("name-repeat", "[方向](OFFICIAL)说，[镇长](POSITION)方向没来"),
    ("name-repeat", "[方向](OFFICIAL)说，方向同志没来"),
    ("measure-repeat", "受到[党内警告处分](SANCTION 1)，某人也受到党内警告处分"),
]


@pytest.mark.parametrize(("rule", "body"), BROKEN)
def test_a_broken_rule_is_found(rule: str, body: str) -> None:
    assert rules(body) == [rule]


SOUND = [
    "[收取“茶水费”](VIOLATION 1)、[签批《同意》](VIOLATION 1)、[办“满月酒”（两次）](VIOLATION 1)",
    '[设"小金库"](VIOLATION 1)',
    "[王××](OFFICIAL)、[陈*](OFFICIAL)、[赵＊＊](OFFICIAL)、[库尔班·艾力](OFFICIAL)",
    "[抽成30%](VIOLATION 1)",
    "[收受\n礼金](VIOLATION 1)",
    "[收受礼金1.5万元](VIOLATION 1)，[12:30离岗](VIOLATION 1)，[套取10,000元](VIOLATION 1)",
    "[死刑，缓期二年执行](SANCTION 1)",
    "时任[镇长](POSITION 1)，[其他组组长](POSITION)，[该局局长](POSITION)",
    "[还款造假](VIOLATION 1)、[并购时压价](VIOLATION 1)",
    "[伪造档案](VIOLATION 1)、[不如实说明问题](VIOLATION 1)、[用旧照片反复报案](VIOLATION 1)",
    "[未制止违法行为](VIOLATION 1)",
    "[读数是抄来的](VIOLATION 1)。",
    "[市发展和改革委员会主任](POSITION 1)、[纪检委员会副主任](POSITION 1)、[兼职委员](POSITION 1)",
    "[分管农业、水利的副县长](POSITION 1)",
    "[市局（粮食、物资）副局长](POSITION 1)",
    "[开除党籍和公职](SANCTION 1)、[纪律审查和监察调查](SANCTION 1)",
    "[免去其党组成员、副局长职务](SANCTION 1)",
    "受到[党内警告](SANCTION 1)处分决定",
    "疫情之前[副镇长](POSITION)",
    "[甲乙丙](OFFICIAL 1)[受贿](VIOLATION 2)",
    "两人被[双开](SANCTION 2)：[林某](OFFICIAL 1)、[周某](OFFICIAL 2)",
    "[林某](OFFICIAL)与林某某、林某甲",
    "[林某](OFFICIAL 1)[收受林某某礼金](VIOLATION 1)，[林某甲](OFFICIAL)",
    "[方向](OFFICIAL)说，方向没有错",
    "受到[约谈](SANCTION 1)，被约谈",
    "受到[党内警告处分](SANCTION 1)，党内警告处分是轻的",
]


@pytest.mark.parametrize("body", SOUND)
def test_what_only_looks_broken_is_let_through(body: str) -> None:
    assert rules(body) == []


def test_an_unknown_label_is_an_error() -> None:
    (finding,) = check([Notice("n", "林某", entities=(Entity(0, 2, "PERSON"),))])
    assert (finding.rule, finding.severity) == ("label", "error")


def test_a_finding_names_place_and_mend() -> None:
    source = "# id: n1\n# form: brief\n\n标题\n\n　　[林某](OFFICIAL 1)[吃喝](VIOLATION 1)，[受贿问题](VIOLATION 1)。"
    sample = replace(parse(source), source="gold/n1.md")
    (finding,) = check([sample])
    assert (finding.where, finding.line, finding.column) == ("gold/n1.md", 6, 37)
    assert source.splitlines()[5][36:].startswith("[受贿问题]")
    assert str(finding) == (
        "gold/n1.md:6:37: warning [end] VIOLATION '受贿问题' ends with '问题': end it before this word"
    )


def test_a_notice_without_its_own_file_is_named_by_id() -> None:
    sample = replace(notice("[被约谈](SANCTION)", notice_id="n7"), source="gold.jsonl")
    assert [finding.where for finding in check([sample])] == ["n7"]


@given(notices())
def test_places_are_those_of_the_inline_file(sample: Notice) -> None:
    try:
        content = format_notice(sample)
    except AnnotationError:
        assume(False)
    lines = content.split("\n")
    for entity in sample.entities:
        line, column = inline_place(sample, entity.start)
        assert lines[line - 1][column - 1] == "["
    marked = {offset for entity in sample.entities for offset in range(entity.start, entity.end)}
    for offset, character in enumerate(sample.text):
        if offset not in marked and character != "\n":
            line, column = inline_place(sample, offset)
            assert lines[line - 1][column - 1] == character


LONG = "青石镇农机站站长林某在组织秋收期间虚报机械作业面积三百余亩套取补贴资金，镇纪委给予其处分。"


def test_a_notice_like_another_is_found() -> None:
    twins = [notice(LONG, notice_id="a"), notice("别的事情。" * 9, notice_id="b"), notice(LONG + "完", notice_id="c")]
    (finding,) = check(twins)
    assert (finding.where, finding.rule, finding.severity) == ("c", "near-duplicate", "warning")
    assert "'a'" in finding.message
    assert check(twins, threshold=1.0) == []


def test_a_notice_like_a_heldout_one_is_an_error() -> None:
    held = notice(LONG, notice_id="h")
    (finding,) = check([notice(LONG.replace("林某", "周某"), notice_id="a")], heldout=[held])
    assert (finding.where, finding.rule, finding.severity) == ("a", "near-heldout", "error")
    assert check([notice("别的。", notice_id="b")], heldout=[held, held]) == []


def test_edges_inside_a_token_are_found() -> None:
    def tokenizer(text: str) -> Doc:
        return Doc(Vocab(), words=["对林", "某给予", "党内", "警告", "。"], spaces=[False] * 5)

    findings = misaligned([notice("对[林某](OFFICIAL 1)给予[党内警告](SANCTION 1)。")], tokenizer)
    assert [(finding.line, finding.column, finding.rule) for finding in findings] == [(3, 2, "tokens")]
    assert "'对林' and '某给予'" in findings[0].message


@pytest.mark.parametrize(
    ("where", "place"),
    [("a/b.md:4:7", ("a/b.md", 4, 7)), ("a.jsonl:3", ("a.jsonl", 3, 1)), ("a.md", ("a.md", 1, 1)), (None, ("", 1, 1))],
)
def test_a_broken_file_becomes_a_finding(where: str | None, place: tuple[str, int, int]) -> None:
    assert broken(AnnotationError("mend it", where=where)) == Finding(*place, "format", "mend it", "error")


def test_the_sample_of_the_guideline_is_sound() -> None:
    assert check([SHARED_VIOLATION]) == []


def test_the_shipped_training_notices_break_no_rule_for_sure() -> None:
    found = check(read_gold(TRAIN), heldout=read_gold(HELDOUT))
    assert [str(finding) for finding in found if finding.severity == "error"] == []


def test_each_rule_for_spans_is_tested() -> None:
    assert set(SPAN_RULES) - {"label"} <= {rule for rule, _ in BROKEN}
