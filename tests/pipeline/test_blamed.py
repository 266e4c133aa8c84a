"""Wrongs that nobody answers for."""

import pytest
from tongbao.pipeline.blamed import WHOLE, keep_blamed
from tongbao.pipeline.crf import Tagged

PADDING = "会议强调，要把各项工作抓细抓实。" * 12


def spans(text: str, *marks: tuple[str, str]) -> list[Tagged]:
    return [Tagged(text.index(word), text.index(word) + len(word), label, 0.9) for word, label in marks]


@pytest.mark.parametrize(
    ("text", "marks", "kept"),
    [
        # A wrong nobody answers for.
        ("镇长林某说，有的窗口推诿扯皮。", [("林某", "OFFICIAL"), ("推诿扯皮", "VIOLATION")], ["林某"]),
        # Somebody does.
        (
            "林某推诿扯皮，受到诫勉。",
            [("林某", "OFFICIAL"), ("推诿扯皮", "VIOLATION"), ("诫勉", "SANCTION")],
            ["林某", "推诿扯皮", "诫勉"],
        ),
    ],
)
def test_whole_texts(text: str, marks: list[tuple[str, str]], kept: list[str]) -> None:
    whole = text + PADDING
    assert len(whole) >= WHOLE
    assert [whole[span.start : span.end] for span in keep_blamed(whole, spans(whole, *marks))] == kept
    # A single sentence may be out of a notice that goes on.
    assert keep_blamed(text, spans(text, *marks)) == spans(text, *marks)


@pytest.mark.parametrize(
    "rule",
    [
        "凡出现连片焚烧的，对有关人员先停职后问责。",
        "情节较重的，给予撤销党内职务处分。",
        "公车私用的，应当给予警告。",
        "违规收礼的，一律停职。",
    ],
)
def test_what_a_rule_threatens_is_no_measure(rule: str) -> None:
    word = next(word for word in ("停职", "撤销党内职务处分", "警告") if word in rule)
    text = f"林某受到诫勉。{rule}周某被免职。"
    found = spans(text, ("诫勉", "SANCTION"), (word, "SANCTION"), ("免职", "SANCTION"))
    assert [text[span.start : span.end] for span in keep_blamed(text, found)] == ["诫勉", "免职"]


def test_names_in_a_rule_stay() -> None:
    text = "林某说，公车私用的，应当给予警告。"
    assert len(keep_blamed(text, spans(text, ("林某", "OFFICIAL"), ("警告", "SANCTION")))) == 1
