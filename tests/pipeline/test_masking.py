"""Pseudonyms: no marked name is left, offsets agree, one person is one pseudonym."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.corpus.errors import InputError
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import Notice
from tongbao.corpus.offsets import Edit, MappedText
from tongbao.pipeline.case import Case
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.masking import PREFIX, mask_key, masked
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice

KEY = b"a key that is only for tests"
PSEUDONYM = re.compile(rf"{PREFIX}[A-Z2-7]{{10}}")


def tagged(annotated: str, *, id: str = "n1", **fields: Any) -> TaggedNotice:  # noqa: A002
    gold = parse(f"# id: {id}\n\n{annotated}")
    spans = [(entity.start, entity.end, entity.label) for entity in gold.entities]
    notice = Notice(id, gold.text, **fields)
    entities = tuple(TaggedEntity(*span, 0.9) for span in spans)
    return TaggedNotice(notice, entities, assemble_spans(gold.text, spans), "m")


def shown(annotated: str) -> str:
    """Return the masked text, its pseudonyms written as A, B, C in order."""
    text = masked(tagged(annotated), key=KEY).notice.text
    letters: dict[str, str] = {}
    return PSEUDONYM.sub(lambda match: letters.setdefault(match[0], "ABCDEF"[len(letters)]), text)


@pytest.mark.parametrize(
    ("annotated", "text"),
    [
        ("[甲镇镇长](POSITION)[林一舟](OFFICIAL)被[免职](SANCTION)。", "甲镇镇长A被免职。"),
        ("[林一舟](OFFICIAL)、[周石](OFFICIAL)被[免职](SANCTION)。[林一舟](OFFICIAL)不服。", "A、B被免职。A不服。"),
        # Also where it is not marked, inside another entity, and with white space inside.
        ("[林一舟](OFFICIAL)被[免职](SANCTION)，林一舟不服。", "A被免职，A不服。"),
        ("[周石](OFFICIAL)[挪用周石商店货款](VIOLATION)。", "A挪用A商店货款。"),
        ("[周石](OFFICIAL)被[免职](SANCTION)，周\n石、周　石不服。", "A被免职，A、A不服。"),
        ("[周 石](OFFICIAL)被[免职](SANCTION)，周石不服。", "A被免职，A不服。"),
        # The forms of one person.
        ("[林一舟](OFFICIAL)被[免职](SANCTION)。[林某](OFFICIAL)不服。", "A被免职。A不服。"),
        ("[林某某](OFFICIAL)被[免职](SANCTION)。", "A被免职。"),
        # One character, and a mask that could be anybody, only where they are marked.
        ("[林](OFFICIAL)[书记](POSITION)被[免职](SANCTION)，林业站不服。", "A书记被免职，林业站不服。"),
        ("[某某](OFFICIAL)被[免职](SANCTION)，某某单位不服。", "A被免职，某某单位不服。"),
        # Over the edge of an entity no pseudonym fits, so that the characters go.
        ("[周石](OFFICIAL)被[免职](SANCTION)。本周[石料厂厂长](POSITION)不服。", "A被免职。本某某料厂厂长不服。"),
        ("没有名字，[村会计](POSITION)被[免职](SANCTION)。", "没有名字，村会计被免职。"),
    ],
)
def test_the_text(annotated: str, text: str) -> None:
    assert shown(annotated) == text


def test_the_record() -> None:
    source = "inbox/林一舟.md"
    meta = {"title": "关于林一舟问题的通报", "publisher": "甲县"}
    annotated = "[甲镇镇长](POSITION)[林一舟](OFFICIAL)[公车私用](VIOLATION)，被[免职](SANCTION)。"
    record = masked(tagged(annotated, id="林一舟案", source=source, meta=meta), key=KEY).record()
    (case,) = record["cases"]
    pseudonym = case["official"]
    assert PSEUDONYM.fullmatch(pseudonym)
    assert case["subject"] == pseudonym
    assert record["title"] == f"关于{pseudonym}问题的通报"
    assert (record["id"], record["source"]) == (f"{pseudonym}案", f"inbox/{pseudonym}.md")
    assert [entity["text"] for entity in record["entities"]] == ["甲镇镇长", pseudonym, "公车私用", "免职"]
    assert [(entity["source_start"], entity["source_end"]) for entity in record["entities"]] == [
        (0, 4),
        (4, 7),
        (7, 11),
        (13, 15),
    ]
    assert "林一舟" not in str(record)


def test_the_map_leads_to_the_name_in_the_source() -> None:
    source = "<b>镇长</b>林 (lín)某被免职，林某不服。"
    mapped = MappedText(source).edit([Edit(0, 3), Edit(5, 9), Edit(10, 16)])
    entities = (TaggedEntity(2, 4, "OFFICIAL"), TaggedEntity(5, 7, "SANCTION"))
    notice = Notice("n1", mapped.text, offsets=mapped)
    record = masked(TaggedNotice(notice, entities, (), "m"), key=KEY).record()
    assert [source[each["source_start"] : each["source_end"]] for each in record["entities"]] == ["林 (lín)某", "免职"]


def test_a_name_alone_is_no_person() -> None:
    annotated = "[林一舟](OFFICIAL)被[免职](SANCTION)。"

    def pseudonym(key: bytes, notice: str) -> str | None:
        return masked(tagged(annotated, id=notice), key=key).cases[0].official

    assert pseudonym(KEY, "n1") == pseudonym(KEY, "n1")
    assert pseudonym(KEY, "n1") != pseudonym(KEY, "n2")
    assert pseudonym(KEY, "n1") != pseudonym(b"another key, also for tests", "n1")


def test_a_notice_without_names_stays_as_it_is() -> None:
    given = tagged("[村会计](POSITION)被[免职](SANCTION)。")
    assert masked(given, key=KEY) is given


def test_keys() -> None:
    assert mask_key("sixteen letters!") == b"sixteen letters!"
    assert mask_key() != mask_key()
    for short in ("", "secret"):
        with pytest.raises(InputError, match="can be guessed"):
            mask_key(short)


def spans_of(lengths: Sequence[tuple[int, int, str]], text: str) -> tuple[TaggedEntity, ...]:
    spans: list[TaggedEntity] = []
    at = 0
    for gap, length, label in lengths:
        start, end = at + gap, at + gap + length
        # The model marks no white space at an edge.
        if end <= len(text) and text[start:end] == text[start:end].strip():
            spans.append(TaggedEntity(start, end, label))
            at = end
    return tuple(spans)


@settings(deadline=None, max_examples=400)
@given(
    st.text(st.sampled_from(f"林某一舟周{PREFIX}AB2 \n×𠮷"), max_size=60),
    st.lists(
        st.tuples(
            st.integers(0, 6), st.integers(1, 4), st.sampled_from(("OFFICIAL", "OFFICIAL", "POSITION", "VIOLATION"))
        ),
        max_size=14,
    ),
)
def test_no_marked_name_is_left(text: str, lengths: list[tuple[int, int, str]]) -> None:
    entities = spans_of(lengths, text)
    names = {text[each.start : each.end] for each in entities if each.label == "OFFICIAL"}
    first = next(iter(names), "林")
    case = Case(first, first)
    meta = {"title": text}
    given_notice = Notice("n1", text, meta, source=text)
    after = masked(TaggedNotice(given_notice, entities, (case,), "m"), key=KEY)
    # One character, or a mask that could be anybody, is masked only where it is marked.
    findable = {plain for name in names if len(plain := "".join(name.split())) > 1 and plain.strip("某×")}
    for name in findable:
        assert name not in after.notice.text
        assert name not in after.notice.meta["title"]
        assert name not in str(after.notice.source)
        assert name not in after.cases[0].subject
    assert [each.label for each in after.entities] == [each.label for each in entities]
    record = after.record()
    for before, each, found in zip(entities, after.entities, record["entities"], strict=True):
        assert (found["source_start"], found["source_end"]) == (before.start, before.end)
        inside = after.notice.text[each.start : each.end]
        assert found["text"] == inside
        old = text[before.start : before.end]
        if before.label == "OFFICIAL":
            assert len(inside) == len(PREFIX) + 10
        elif not any(character in old for name in names for character in name):
            assert inside == old


@given(st.text(max_size=40))
def test_what_holds_no_entity_stays(text: str) -> None:
    given_notice = TaggedNotice(Notice("n1", text), (), (), "m")
    assert masked(given_notice, key=KEY) is given_notice
