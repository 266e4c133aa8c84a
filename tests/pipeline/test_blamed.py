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
