"""The component that writes norms, and the records that carry them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import spacy
import tongbao
from pyarrow import parquet
from spacy.language import Language
from spacy.tokens import Doc
from tongbao.corpus.inline import parse
from tongbao.pipeline.cases import Cases, assemble_spans
from tongbao.pipeline.norming import Norms, measure_contexts, measure_norms, post_norms
from tongbao.pipeline.writers import write_parquet


def marked(annotated: str) -> tuple[str, list[tuple[int, int, str]]]:
    gold = parse(f"# id: x\n\n{annotated}")
    return gold.text, [(entity.start, entity.end, entity.label) for entity in gold.entities]


def doc_of(annotated: str) -> Doc:
    text, spans = marked(annotated)
    doc = spacy.blank("zh")(text)
    found = [doc.char_span(start, end, label=label) for start, end, label in spans]
    doc.ents = [span for span in found if span is not None]
    return doc


def codes(annotated: str) -> list[str]:
    text, spans = marked(annotated)
    norms = measure_norms(text, spans, assemble_spans(text, spans))
    return [norm.code or "|".join(norm.codes) for index in sorted(norms) for norm in norms[index]]


@pytest.mark.parametrize(
    ("annotated", "expected"),
    [
        (
            "2023年5月，[林一舟](OFFICIAL)受到[党内警告](SANCTION)、[记过处分](SANCTION)。",
            ["party.warning", "state.demerit"],
        ),
        ("2009年，[林一舟](OFFICIAL)受到[记过处分](SANCTION)。", ["administrative.demerit"]),
        ("[林一舟](OFFICIAL)受到[记过处分](SANCTION)。", ["state.demerit|administrative.demerit"]),
        (
            "[林一舟](OFFICIAL)受到[政务警告](SANCTION)，[周二河](OFFICIAL)受到[记过处分](SANCTION)。",
            ["state.warning", "state.demerit"],
        ),
        (
            "青石镇党委[履职不力](VIOLATION)，被责令向县委[作出书面检查](SANCTION)。",
            ["accountability.body_review"],
        ),
        (
            "[镇长](POSITION)[林一舟](OFFICIAL)被责令[作出书面检查](SANCTION)。",
            ["education.self_criticism"],
        ),
    ],
)
def test_a_measure_is_read_in_its_sentence(annotated: str, expected: list[str]) -> None:
    assert codes(annotated) == expected


def test_context_ends_with_the_sentence() -> None:
    text, spans = marked("[甲某](OFFICIAL)受到[政务警告](SANCTION)。[乙某](OFFICIAL)受到[记过](SANCTION)。")
    contexts = measure_contexts(text, spans)
    assert contexts[3].before == "乙某受到"
    assert contexts[3].neighbours == ()


def test_a_supervision_organ_dates_a_text() -> None:
    text, spans = marked("2015年收礼的[甲某](OFFICIAL)，被县监委[开除公职](SANCTION)。")
    assert measure_norms(text, spans)[1][0].code == "state.expulsion"


def test_posts_of_a_list_share_their_organisation() -> None:
    text, spans = marked("时任[青石镇党委副书记](POSITION)、[镇长](POSITION)[林一舟](OFFICIAL)")
    first, second = post_norms(text, spans).values()
    assert (first.at_the_time, second.at_the_time) == (True, True)
    assert (second.organisation, second.level) == ("青石镇", "乡科")


def test_the_component_writes_plain_values() -> None:
    doc = doc_of(
        "[镇长](POSITION)[林一舟](OFFICIAL)[收受礼金](VIOLATION)，受到[留党察看一年](SANCTION)、[双开](SANCTION)。"
    )
    doc = Norms()(Cases()(doc))
    post, name, wrong, probation, both = (span._.norm for span in doc.ents)
    assert name is None
    assert wrong is None
    assert post["head"] == "镇长"
    assert probation["code"] == "party.probation"
    assert probation["term"] == "P1Y"
    assert both["code"] == "party.expulsion"
    assert [other["code"] for other in both["also"]] == ["state.expulsion"]
    # As bytes, and so into another process.
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert json.dumps(again.ents[3]._.norm) == json.dumps(probation)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = tongbao.load()
    if "norms" not in nlp.pipe_names:
        nlp.add_pipe("tongbao.norms", name="norms", last=True)
    return nlp


def record(nlp: Language, text: str, **options: Any) -> dict[str, Any]:
    (tagged,) = tongbao.tag([text], nlp=nlp, **options)
    result: dict[str, Any] = tagged.record()
    return result


TEXT = "经研究，给予青石镇镇长林某党内警告处分。"


def test_records_carry_norms(nlp: Language) -> None:
    entities = record(nlp, TEXT)["entities"]
    norms = {entity["label"]: entity["norm"] for entity in entities}
    assert norms["OFFICIAL"] is None
    assert norms["SANCTION"]["code"] == "party.warning"
    assert norms["SANCTION"]["kind"] == "party"
    assert norms["POSITION"]["organisation"] == "青石镇"


def test_a_doc_made_anew_has_them(nlp: Language) -> None:
    (tagged,) = tongbao.tag([TEXT], nlp=nlp, n_process=2)
    assert [span._.norm for span in tagged.doc.ents] == [entity.norm for entity in tagged.entities]


def test_parquet_holds_them_as_json(nlp: Language) -> None:
    stream = io.BytesIO()
    write_parquet(tongbao.tag([TEXT], nlp=nlp), stream)
    (row,) = parquet.read_table(io.BytesIO(stream.getvalue())).to_pylist()
    told = [entity["norm"] and json.loads(entity["norm"]) for entity in row["entities"]]
    assert told == [entity["norm"] for entity in record(nlp, TEXT)["entities"]]


def test_a_case_is_judged_by_its_measures() -> None:
    doc = Norms()(
        Cases()(
            doc_of(
                "[村会计](POSITION)[林一舟](OFFICIAL)受到[政务撤职](SANCTION)。[镇长](POSITION)[周二河](OFFICIAL)受到[党内警告](SANCTION)。"
            )
        )
    )
    villager, mayor = doc._.cases
    assert (villager.four_forms, mayor.four_forms) == (3, 2)
    assert [warning.partition(":")[0] for warning in villager.warnings] == ["state.removal"]
    assert mayor.warnings == ()
