"""FollowTheMoney: entities that the package itself takes, with ids that never rest on a name alone."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from followthemoney import model
from followthemoney.types import registry
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import Notice
from tongbao.pipeline.case import Case
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.ftm import TOPIC, entities_of
from tongbao.pipeline.masking import masked
from tongbao.pipeline.norming import measure_norms, post_norms
from tongbao.pipeline.norms import as_record
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.pipeline.writers import writer_for

URL = "https://news.example.org/2021/08/a.html"
ANNOTATED = (
    "2021年8月20日，经青石县纪委常委会研究，给予[原青石镇镇长](POSITION)[林一舟](OFFICIAL)[党内警告处分](SANCTION)。"
    "[林一舟](OFFICIAL)[公车私用](VIOLATION)。\n"
    "[村会计](POSITION)、[出纳](POSITION)[周石](OFFICIAL)[挪用公款3万元](VIOLATION)，被[开除党籍](SANCTION)、"
    "[移送检察机关](SANCTION)。"
)


def tagged(annotated: str = ANNOTATED, *, id: str = "n1", source: str | None = URL) -> TaggedNotice:  # noqa: A002
    gold = parse(f"# id: {id}\n\n{annotated}")
    spans = [(entity.start, entity.end, entity.label) for entity in gold.entities]
    meta = {"title": "通报", "date": "2021-08-23", "publisher": "青石县纪委监委"}
    entities = tuple(TaggedEntity(*span, 0.9) for span in spans)
    return TaggedNotice(Notice(id, gold.text, meta, source=source), entities, assemble_spans(gold.text, spans), "m")


def of_schema(given: TaggedNotice, schema: str) -> list[dict[str, Any]]:
    return [entity for entity in entities_of(given) if entity["schema"] == schema]


def assert_valid(entities: list[dict[str, Any]]) -> None:
    """Check entities with the package: schemata, properties, values, required ones, and what they point to."""
    by_id = {entity["id"]: entity for entity in entities}
    assert len(by_id) == len(entities)
    for entity in entities:
        schema = model.get(entity["schema"])
        assert schema is not None
        assert not schema.abstract
        assert set(entity["properties"]) <= set(schema.properties)
        schema.validate(entity)
        # What the package would clean away or write otherwise is not the same afterwards.
        assert model.get_proxy(entity, cleaned=False).to_dict()["properties"] == entity["properties"]
        for name, values in entity["properties"].items():
            of = schema.properties[name]
            if of.type == registry.entity:
                for value in values:
                    assert model.get(by_id[value]["schema"]).is_a(of.range)


@pytest.mark.parametrize(
    "annotated",
    [
        ANNOTATED,
        "[周石](OFFICIAL)[公车私用](VIOLATION)。",
        "[村支书](POSITION)被[免职](SANCTION)。",
        "因[履职不力](VIOLATION)，白沙村党支部被[通报批评](SANCTION)。",
        "对青石建材公司[罚款三万元](SANCTION)。",
        "[周\n石](OFFICIAL)被[免\n职](SANCTION)，[陈 石](OFFICIAL)被[免职](SANCTION)。",
        "没有案件。",
    ],
)
@pytest.mark.parametrize("source", [URL, "inbox/a.md", None])
def test_valid(annotated: str, source: str | None) -> None:
    assert_valid(list(entities_of(tagged(annotated, source=source))))


def test_the_topic_is_one_of_the_model() -> None:
    assert TOPIC in registry.topic.names


def test_a_case_in_entities() -> None:
    found = list(entities_of(tagged()))
    assert [entity["schema"] for entity in found] == [
        *("Person", "Position", "Occupancy", "Sanction"),
        *("Person", "Position", "Occupancy", "Position", "Occupancy", "Sanction", "Sanction"),
    ]
    person, position, occupancy, sanction = found[:4]
    assert person["properties"] == {
        "name": ["林一舟"],
        "country": ["cn"],
        "topics": ["reg.action"],
        "sourceUrl": [URL],
        "publisher": ["青石县纪委监委"],
        "position": ["原青石镇镇长"],
    }
    assert position["properties"]["name"] == ["原青石镇镇长"]
    assert occupancy["properties"] == {
        "holder": [person["id"]],
        "post": [position["id"]],
        "status": ["ended"],
        "date": ["2021-08-23"],
        "sourceUrl": [URL],
        "publisher": ["青石县纪委监委"],
    }
    assert sanction["properties"] == {
        "entity": [person["id"]],
        "program": ["党内警告处分"],
        "authority": ["青石县纪委"],
        "reason": ["公车私用"],
        "country": ["cn"],
        "startDate": ["2021-08-20"],
        "listingDate": ["2021-08-23"],
        "recordId": ["n1"],
        "summary": ["discipline"],
        "sourceUrl": [URL],
        "publisher": ["青石县纪委监委"],
    }
    assert "status" not in found[6]["properties"]
    assert found[-1]["properties"]["summary"] == ["prosecution"]


def test_norms_say_more() -> None:
    annotated = "[原青石镇镇长](POSITION)[林一舟](OFFICIAL)被[留党察看一年](SANCTION)，[双开](SANCTION)。"
    given = tagged(annotated)
    text, spans = given.notice.text, [(entity.start, entity.end, entity.label) for entity in given.entities]
    norms = {index: as_record(each) for index, each in measure_norms(text, spans).items()}
    norms |= {index: post.record() for index, post in post_norms(text, spans).items()}
    entities = tuple(replace(entity, norm=norms.get(index)) for index, entity in enumerate(given.entities))
    given = replace(given, entities=entities)
    found = list(entities_of(given))
    assert_valid(found)
    (body,) = of_schema(given, "PublicBody")
    (position,) = of_schema(given, "Position")
    assert body["properties"]["name"] == ["青石镇"]
    assert position["properties"]["organization"] == [body["id"]]
    assert [each["properties"]["provisions"] for each in of_schema(given, "Sanction")] == [
        ["party.probation"],
        ["party.expulsion", "state.expulsion"],
    ]
    assert of_schema(given, "Sanction")[0]["properties"]["duration"] == ["P1Y"]


def test_without_a_measure_there_is_no_topic() -> None:
    (person,) = entities_of(tagged("[周石](OFFICIAL)[公车私用](VIOLATION)。"))
    assert "topics" not in person["properties"]


@pytest.mark.parametrize(
    ("subject", "schema"),
    [("白沙村党支部", "PublicBody"), ("青石镇人民政府", "PublicBody"), ("青石建材公司", "LegalEntity")],
)
def test_bodies(subject: str, schema: str) -> None:
    entities = (TaggedEntity(0, 4, "SANCTION"),)
    given = TaggedNotice(Notice("n1", "通报批评"), entities, (Case(None, subject, sanctions=(0,)),), "m")
    found = list(entities_of(given))
    assert [entity["schema"] for entity in found] == [schema, "Sanction"]
    assert found[0]["properties"]["name"] == [subject]
    assert_valid(found)


def test_an_unnamed_person_has_no_entity() -> None:
    given = tagged("[村支书](POSITION)[公车私用](VIOLATION)，被[免职](SANCTION)。")
    assert len(given.cases) == 1
    assert list(entities_of(given)) == []


@pytest.mark.parametrize("subject", ["该局", "其领导班子", "单位"])
def test_nor_has_a_body_that_is_only_pointed_at(subject: str) -> None:
    case = Case(None, subject, sanctions=(0,))
    assert (
        list(entities_of(TaggedNotice(Notice("n1", "通报批评"), (TaggedEntity(0, 4, "SANCTION"),), (case,), "m"))) == []
    )


class TestIds:
    @staticmethod
    def person(annotated: str, **fields: Any) -> Any:
        (person,) = of_schema(tagged(annotated, **fields), "Person")
        return person["id"]

    def test_stable(self) -> None:
        assert list(entities_of(tagged())) == list(entities_of(tagged()))
        annotated = "[镇长](POSITION)[周石](OFFICIAL)被[免职](SANCTION)。"
        assert re.fullmatch("tongbao-[0-9a-f]{40}", self.person(annotated))

    def test_never_of_the_name_alone(self) -> None:
        annotated = "[镇长](POSITION)[周石](OFFICIAL)被[免职](SANCTION)。"
        assert (
            len(
                {
                    self.person(annotated),
                    self.person(annotated, id="n2"),
                    self.person(annotated, source="inbox/b.md"),
                    self.person(annotated.replace("镇长", "站长")),
                    self.person(annotated.replace("周石", "周山")),
                }
            )
            == 5
        )

    def test_two_cases_of_one_person_are_one_entity(self) -> None:
        entities = (TaggedEntity(0, 2, "OFFICIAL"), TaggedEntity(3, 5, "SANCTION"), TaggedEntity(6, 8, "SANCTION"))
        cases = (Case("周石", "周石", (0,)), Case("周石", "周石", (0,), sanctions=(1, 2)))
        found = list(entities_of(TaggedNotice(Notice("n1", "周石被免职、罚款"), entities, cases, "m")))
        assert [entity["schema"] for entity in found] == ["Person", "Sanction", "Sanction"]
        assert found[0]["properties"]["topics"] == ["reg.action"]
        assert_valid(found)


def test_masked_names() -> None:
    (person, *_) = of_schema(masked(tagged(), key=b"a key that is only for tests"), "Person")
    assert person["properties"]["name"][0].startswith("化名")


def test_lines_of_json() -> None:
    def both() -> Iterator[TaggedNotice]:
        yield tagged()
        yield tagged(id="n2")

    stream = io.BytesIO()
    writer_for("out.ftm.json")(both(), stream)
    lines = [json.loads(line) for line in stream.getvalue().decode("utf-8").splitlines()]
    assert len(lines) == 22
    assert_valid(lines)


@pytest.mark.parametrize(
    ("source", "url"),
    [
        (URL, True),
        ("http://news.example.org/a?id=1&p=2", True),
        ("http://甲.example/文.html", True),
        ("http://", False),
        ("http://[", False),
        ("http://a b/", False),
        ("a.html", False),
    ],
)
def test_only_addresses_of_the_web_are_links(source: str, url: bool) -> None:
    found = list(entities_of(tagged(source=source)))
    assert ("sourceUrl" in found[0]["properties"]) is url
    assert_valid(found)
