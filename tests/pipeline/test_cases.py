"""Cases as the guideline numbers them: annotated text in, the same numbers out."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from tongbao.corpus.inline import format_notice, parse
from tongbao.corpus.notice import Entity, Notice
from tongbao.pipeline.case import Case
from tongbao.pipeline.cases import assemble, assemble_spans

HEAD = "# id: x\n\n"


def cases_of(text: str) -> tuple[Case, ...]:
    notice = parse(HEAD + text)
    return assemble_spans(notice.text, [(e.start, e.end, e.label) for e in notice.entities])


def numbered(text: str) -> str:
    """Take the case numbers of an annotated text away and assemble them anew."""
    notice = parse(HEAD + text)
    of: dict[int, list[int]] = {}
    for number, case in enumerate(cases_of(text), start=1):
        for index in {*case.mentions, *case.positions, *case.violations, *case.sanctions}:
            of.setdefault(index, []).append(number)
    entities = tuple(Entity(e.start, e.end, e.label, tuple(of.get(i, ()))) for i, e in enumerate(notice.entities))
    return format_notice(Notice("x", notice.text, {}, entities)).removeprefix(HEAD)


def test_many_acts_and_no_measure_end() -> None:
    """What is looked for once was tried in every way the gaps between the acts can be parted."""
    acts = "，".join("群众反映强烈的[虚报面积](VIOLATION 1)和在工程中[收受礼金](VIOLATION 1)" for _ in range(20))
    assert numbered(f"镇党委[失察](VIOLATION 1)，{acts}。").count("(VIOLATION)") == 41


@pytest.mark.parametrize(
    "text",
    [
        "对[履行督办职责不力](VIOLATION 1,2)的[青石镇党委副书记](POSITION 1)、[镇长](POSITION 1)[林某](OFFICIAL 1)"
        "给予[党内警告处分](SANCTION 1)，给予[机关干部](POSITION 2)[周某](OFFICIAL 2)[诫勉谈话处理](SANCTION 2)。",
        "[甲镇镇长](POSITION 1)[林一舟](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[党内警告处分](SANCTION 1)。",
        "对[履职不力](VIOLATION 1)的[甲镇镇长](POSITION 1)[林一舟](OFFICIAL 1)给予[诫勉谈话](SANCTION 1)。",
        "因[履职不力](VIOLATION 1)，[甲镇镇长](POSITION 1)[林一舟](OFFICIAL 1)被[免职](SANCTION 1)。",
        "[私分公款](VIOLATION 1)的[村会计](POSITION 1)[周石](OFFICIAL 1)被[开除党籍](SANCTION 1)。",
        "给予[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[党内警告处分](SANCTION 1,2)，给予[吴同](OFFICIAL 3)"
        "[政务记过处分](SANCTION 3)。",
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)分别受到[党内警告](SANCTION 1)、[政务记过处分](SANCTION 2)。",
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[私分公款](VIOLATION 1,2)。二人均受到[党内警告处分](SANCTION 1,2)。",
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)分别受到[党内警告](SANCTION 1)、[政务降级](SANCTION 1)"
        "和[政务记过处分](SANCTION 2)。",
        "[林一舟](OFFICIAL 1)[公车私用](VIOLATION 1)。[私设小金库](VIOLATION 1)。给予[党内警告处分](SANCTION 1)。",
        "[林一舟](OFFICIAL 1)[公车私用](VIOLATION 1)。"
        "[周石](OFFICIAL 2)[私设小金库](VIOLATION 2)，被[免职](SANCTION 2)。",
        "[林一舟](OFFICIAL 1)接受[审查调查](SANCTION 1)\n\n历任[甲县县长](POSITION 1)、[县委书记](POSITION 1)"
        "，2019年任[乙市副市长](POSITION 1)。",
        "[小学教师](POSITION 1,2)[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[有偿补课](VIOLATION 1,2)。",
        "[林一舟](OFFICIAL 1)伙同[村会计](POSITION 2)[周石](OFFICIAL 2)，[虚报面积](VIOLATION 1,2)。",
        # Money that was gained together is taken from all, that of one from one.
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[虚报面积](VIOLATION 1,2)。[林一舟](OFFICIAL 1)被[免职](SANCTION 1)，"
        "[周石](OFFICIAL 2)被[诫勉](SANCTION 2)，多领的补贴予以[追缴](SANCTION 1,2)。",
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[虚报面积](VIOLATION 1,2)。[林一舟](OFFICIAL 1)被[免职](SANCTION 1)，"
        "[周石](OFFICIAL 2)被[诫勉](SANCTION 2)，其收受的礼金被[收缴](SANCTION 2)。",
        "[林一舟](OFFICIAL 1)、[周石](OFFICIAL 2)[虚报面积](VIOLATION 1,2)，[周石](OFFICIAL 2)另[收下手机](VIOLATION 2)"
        "。分别受到[党内警告](SANCTION 1)、[诫勉](SANCTION 2)。",
        # Who takes a measure, and who looks into others, is not whom it hits.
        "[周石](OFFICIAL 1)[拖延发放救助金](VIOLATION 1)，由[镇长](POSITION)[林一舟](OFFICIAL)[约谈](SANCTION 1)。",
        "[周石](OFFICIAL 1)[虚报面积](VIOLATION 1)。[县纪委监委审查调查室主任](POSITION)[林一舟](OFFICIAL)找他谈话。"
        "他还[收受红包](VIOLATION 1)。",
        # An unnamed post that opens an item is that of the one named in it.
        "工作简讯\n一、[粮站站长](POSITION 1)[打白条](VIOLATION 1)被[撤职](SANCTION 1)。[河口粮站站长](POSITION 1)"
        "[林一舟](OFFICIAL 1)[拖欠粮款](VIOLATION 1)。\n二、[周石](OFFICIAL 2)被[诫勉](SANCTION 2)。",
        "[林一舟](OFFICIAL 1)的[村会计](POSITION 1)当不成了，受到[党内警告](SANCTION 1)。",
    ],
)
def test_a_measure_goes_to_its_subject(text: str) -> None:
    assert numbered(text) == text


def test_a_charge_of_the_headline_belongs_to_every_subject() -> None:
    text = (
        "甲县通报2起[违规收受礼金](VIOLATION 1,2)问题\n\n"
        "1.[甲镇镇长](POSITION 1)[林一舟](OFFICIAL 1)[收受礼品](VIOLATION 1)问题。给予[党内警告处分](SANCTION 1)。\n\n"
        "2.[乙镇干部](POSITION 2)[周石](OFFICIAL 2)[收受红包](VIOLATION 2)问题。[周石](OFFICIAL 2)"
        "受到[诫勉](SANCTION 2)。\n\n"
        "[县纪委书记](POSITION)[吴同](OFFICIAL)说，要引以为戒。"
    )
    assert numbered(text) == text


def test_a_title_that_names_nobody_belongs_to_the_subjects_of_its_section() -> None:
    text = (
        "一、甲村[截留补助](VIOLATION 1,2)问题。[村支书](POSITION 1)[林一舟](OFFICIAL 1)"
        "、[村会计](POSITION 2)[周石](OFFICIAL 2)"
        "[虚列名单](VIOLATION 1,2)。[林一舟](OFFICIAL 1)受到[党内警告处分](SANCTION 1)，[周石](OFFICIAL 2)"
        "受到[诫勉](SANCTION 2)。\n"
        "二、[乙村村主任](POSITION 3)[吴同](OFFICIAL 3)[优亲厚友](VIOLATION 3)问题。"
        "[吴同](OFFICIAL 3)被[免职](SANCTION 3)。"
    )
    assert numbered(text) == text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("甲镇党委[落实责任不力](VIOLATION)，被[通报批评](SANCTION)。", "甲镇党委"),
        ("责令县水务局党组向县委[作出书面检查](SANCTION)。", "县水务局党组"),
        ("一、河口社区。[门岗无人值守](VIOLATION)。对该社区[通报批评](SANCTION)。", "河口社区"),
        ("对[履职不力](VIOLATION)的甲镇党委[通报批评](SANCTION)。", "甲镇党委"),
        ("[督查走过场](VIOLATION)的县扶贫办被[责令作出书面检查](SANCTION)。", "县扶贫办"),
        ("县教育和体育局党组[落实责任不力](VIOLATION)，被[通报批评](SANCTION)。", "县教育和体育局党组"),
        ("和平区经信局[落实责任不力](VIOLATION)，被[通报批评](SANCTION)。", "和平区经信局"),
        ("[村会计](POSITION)[私自开票](VIOLATION)，给予[政务警告处分](SANCTION)。", "村会计"),
    ],
)
def test_a_body_and_an_unnamed_post_are_subjects(text: str, subject: str) -> None:
    (case,) = cases_of(text)
    assert (case.official, case.subject) == (None, subject)
    assert case.mentions == ()
    assert case.sanctions


def test_icons_of_a_page_are_no_entities() -> None:
    """The characters that stand for entities inside are those that fonts of icons use."""
    text = "\ue001 \ue002[镇长](POSITION 1)[林某](OFFICIAL 1)\ue004[公车私用](VIOLATION 1)，被[免职](SANCTION 1)\ue003"
    assert numbered(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "[县长](POSITION)[林一舟](OFFICIAL)出席会议。",
        "全县[提醒谈话](SANCTION)37人，[诫勉](SANCTION)5人。",
        "[派出所民警](POSITION)[林一舟](OFFICIAL)赶到现场。村民赵某被[行政拘留五日](SANCTION)。",
        "",
    ],
)
def test_who_is_not_held_to_account_has_no_case(text: str) -> None:
    assert cases_of(text) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[林一舟](OFFICIAL)[行贿](VIOLATION)，[林\n一舟](OFFICIAL)被[免职](SANCTION)。", ["林一舟"]),
        ("[欧阳清标](OFFICIAL)[行贿](VIOLATION)，[清标](OFFICIAL)被[免职](SANCTION)。", ["欧阳清标"]),
        ("[林一舟](OFFICIAL)[行贿](VIOLATION)，[林某](OFFICIAL)被[免职](SANCTION)。", ["林一舟"]),
        (
            "[林一舟](OFFICIAL)[行贿](VIOLATION)，[村会计](POSITION)[林某](OFFICIAL)被[免职](SANCTION)。",
            ["林一舟", "林某"],
        ),
        ("[林一舟](OFFICIAL)、[林二石](OFFICIAL)[行贿](VIOLATION)。", ["林一舟", "林二石"]),
    ],
)
def test_mentions_of_one_person_are_one(text: str, names: list[str]) -> None:
    assert [case.official for case in cases_of(text)] == names


@pytest.mark.parametrize(
    ("text", "date", "organ"),
    [
        ("2021年8月20日，经市纪委常委会研究，给予[林一舟](OFFICIAL)[党内警告处分](SANCTION)。", "2021-08-20", "市纪委"),
        (
            "2018年，[林一舟](OFFICIAL)[行贿](VIOLATION)。次年5月，[林一舟](OFFICIAL)被[免职](SANCTION)。",
            "2019-05",
            None,
        ),
        ("2018年3月，[林一舟](OFFICIAL)[行贿](VIOLATION)，被[免职](SANCTION)。", None, None),
        ("由镇党委给予[林一舟](OFFICIAL)[诫勉谈话](SANCTION)。", None, "镇党委"),
    ],
)
def test_date_and_organ_of_the_measure(text: str, date: str | None, organ: str | None) -> None:
    (case,) = cases_of(text)
    assert (case.date, case.organ) == (date, organ)


@pytest.mark.parametrize(
    ("text", "amounts", "stage"),
    [
        (
            "[周石](OFFICIAL)[收受礼金6000元](VIOLATION)、[套取补贴3.2万\n元](VIOLATION)，"
            "受到[党内警告](SANCTION)，被[罚款一千元](SANCTION)。",
            (6000, 32_000, 1000),
            "discipline",
        ),
        ("[周石](OFFICIAL)[收受紅包三萬餘元](VIOLATION)，被[移送檢察機關](SANCTION)。", (30_000,), "prosecution"),
        ("[周石](OFFICIAL)被[開除黨籍](SANCTION)，被判處[有期徒刑三年](SANCTION)。", (), "verdict"),
        ("[周石](OFFICIAL)[公车私用](VIOLATION)。", (), None),
    ],
)
def test_amounts_and_stage(text: str, amounts: tuple[float, ...], stage: str | None) -> None:
    (case,) = cases_of(text)
    assert (case.amounts, case.stage) == (amounts, stage)


@pytest.mark.parametrize("number", ["（一）", "(3)", "三是", "二、"])
def test_the_number_of_an_item_is_no_part_of_a_body(number: str) -> None:
    (case,) = cases_of(f"因[履职不力](VIOLATION)：\n{number}县水利局党组被[通报批评](SANCTION)。")
    assert (case.official, case.subject) == (None, "县水利局党组")


def test_traditional_characters_are_read_and_kept() -> None:
    (case,) = cases_of("[鎮長](POSITION)[陳一舟](OFFICIAL)[公車私用](VIOLATION)，受到[黨內警告處分](SANCTION)。")
    assert (case.official, case.subject, case.stage) == ("陳一舟", "陳一舟", "discipline")
    assert (case.mentions, case.positions, case.violations, case.sanctions) == ((1,), (0,), (2,), (3,))


def test_a_missed_name_leaves_the_rest_as_it_is() -> None:
    whole = (
        "1.[甲镇镇长](POSITION)[林一舟](OFFICIAL)[收受礼品](VIOLATION)问题。给予[党内警告处分](SANCTION)。\n"
        "2.[乙镇干部](POSITION)[周石](OFFICIAL)[收受红包](VIOLATION)问题。[周石](OFFICIAL)受到[诫勉](SANCTION)。"
    )
    missed = whole.replace("[林一舟](OFFICIAL)", "林一舟")
    (_, second), (post, same) = cases_of(whole), cases_of(missed)
    assert post.subject == "甲镇镇长"
    assert (second.official, len(second.violations), len(second.sanctions)) == (
        same.official,
        len(same.violations),
        len(same.sanctions),
    )


def test_the_component_writes_cases() -> None:
    nlp = spacy.blank("zh")
    doc = nlp.make_doc("林一舟被免职")
    assert assemble(doc) == ()
    nlp.add_pipe("tongbao.cases")
    doc = nlp.make_doc("林一舟被免职")
    doc.ents = [Span(doc, 0, 3, label="OFFICIAL"), Span(doc, 4, 6, label="SANCTION")]
    nlp.get_pipe("tongbao.cases")(doc)
    (case,) = doc._.cases
    assert (case.official, case.mentions, case.sanctions) == ("林一舟", (0,), (1,))


LABELS = (None, "OFFICIAL", "POSITION", "SANCTION", "VIOLATION")
PIECES = (
    "林某",
    "周石",
    "镇长",
    "、",
    "，",
    "。",
    "\n",
    "分别",
    "三人",
    "均",
    "被",
    "给予",
    "对",
    "一、",
    "党委",
    " ",
    "（",
    "\ue001",
    "\ue002\ue003",
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from(LABELS)),
        max_size=30,
    )
)
def test_any_entities_give_sound_cases(pieces: list[tuple[str, str | None]]) -> None:
    spans: list[tuple[int, int, str]] = []
    at = 0
    for piece, label in pieces:
        if label is not None and piece.strip():
            spans.append((at, at + len(piece), label))
        at += len(piece)
    cases = assemble_spans("".join(piece for piece, _ in pieces), spans)
    for case in cases:
        assert case.violations or case.sanctions
        for indices, label in (
            (case.mentions, "OFFICIAL"),
            (case.positions, "POSITION"),
            (case.violations, "VIOLATION"),
            (case.sanctions, "SANCTION"),
        ):
            assert list(indices) == sorted(set(indices))
            assert all(spans[index][2] == label for index in indices)
    named = [index for case in cases for index in case.mentions]
    assert len(named) == len(set(named))


def test_a_doc_with_cases_goes_into_bytes_and_back() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("tongbao.cases")
    doc = nlp.make_doc("林一舟被免职")
    doc.ents = [Span(doc, 0, 3, label="OFFICIAL"), Span(doc, 4, 6, label="SANCTION")]
    nlp.get_pipe("tongbao.cases")(doc)
    back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert back._.cases == doc._.cases
    (from_bin,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert from_bin._.cases == doc._.cases
