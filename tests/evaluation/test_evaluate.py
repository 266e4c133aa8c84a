"""A pipeline run over gold and reported, as values, tables and JSON."""

from __future__ import annotations

import json
from importlib.metadata import version

import pytest
import spacy
from rich.console import Console
from spacy.language import Language
from spacy.tokens import Doc
from tongbao.corpus.errors import ModelError
from tongbao.corpus.notice import LABELS, Notice
from tongbao.evaluation.error_table import COLUMNS, errors_tsv
from tongbao.evaluation.evaluate import evaluate, predict, predict_cases
from tongbao.evaluation.report import Report
from tongbao.evaluation.spans import MATCHES
from tongbao.evaluation.tables import tables

from .pipelines import pipeline
from .samples import notice

GOLD = [
    notice(
        "[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。\n"
        "[周某](OFFICIAL 2)[赌博](VIOLATION 2)，被[诫勉](SANCTION 2)。",
        id="a",
    ),
    notice("天气很好，[王某](OFFICIAL)说。", id="b", form="feature"),
    notice("", id="c", form="feature"),
]
WORDS = {
    "林某": "OFFICIAL",
    "周某": "OFFICIAL",
    "王某": "OFFICIAL",
    "公车私用": "VIOLATION",
    "赌博": "VIOLATION",
    "警告": "SANCTION",
    "诫勉": "SANCTION",
}
POOR = {"林某": "OFFICIAL", "私用": "VIOLATION", "天气": "POSITION", "警告": "SANCTION", "王某": "OFFICIAL"}


def report(words: dict[str, str], *, n_boot: int = 50, with_cases: bool = True, gold_entities: bool = False) -> Report:
    nlp = pipeline(words, with_cases=with_cases)
    return evaluate(nlp, GOLD, n_boot=n_boot, known_names={"林某"}, gold_entities=gold_entities)


def screen(found: Report) -> str:
    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    console.print(tables(found))
    return console.export_text()


def test_predicted_notices() -> None:
    first, second, third = predict(pipeline(WORDS), GOLD)
    assert first.notice == GOLD[0]
    assert first.scores == (0.5,) * 6
    assert [entity.cases for entity in second.notice.entities] == [(1,)]
    assert (third.notice, third.scores) == (GOLD[2], ())


def test_without_case_component_entities_have_no_cases() -> None:
    predictions = predict(pipeline(WORDS, with_cases=False), GOLD)
    assert {entity.cases for one in predictions for entity in one.notice.entities} == {()}
    assert report(WORDS, with_cases=False).links == ()


def test_perfect_entities() -> None:
    found = report(WORDS)
    assert (found.model, found.notices, found.gold) == ("zh_by_hand-1.2.3", 3, None)
    assert found.version == version("tongbao")
    assert [span.match for span in found.spans] == list(MATCHES)
    assert {span.scores.micro.f1 for span in found.spans} == {1.0}
    assert found.errors == ()
    strict, overlap = found.links
    assert strict.scores.links.micro.f1 == overlap.scores.links.micro.f1 == 1.0
    assert (strict.scores.cases.found, strict.scores.cases.false) == (2, 1)
    assert strict.scores.cases.false_per_negative == 0.5


def test_poor_entities() -> None:
    found = report(POOR)
    micro = found.spans[0].scores.micro
    assert (micro.tp, micro.fp, micro.fn) == (3, 2, 4)
    assert sorted(error.kind for error in found.errors) == [
        "missed",
        "missed",
        "missed",
        "spurious",
        "wrong boundary",
    ]
    assert {error.score for error in found.errors} == {None, 0.5}
    assert {part.by for part in found.slices} == {"form", "length", "script", "era", "level", "cases", "span", "name"}
    assert found.confusion is not None


def test_gold_entities() -> None:
    found = report({}, gold_entities=True)
    assert (found.spans, found.errors, found.slices, found.confusion) == ((), (), (), None)
    (links,) = found.links
    assert links.scores.links.micro.f1 == 1.0
    assert links.scores.cases.false == 1
    assert [one.notice.entities for one in predict_cases(pipeline({}), GOLD[:1])] == [GOLD[0].entities]


def test_gold_entities_need_a_case_component() -> None:
    with pytest.raises(ModelError, match=r"no component that assigns"):
        report({}, with_cases=False, gold_entities=True)


def test_tokens_that_cut_through_a_gold_entity() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("test_nearest_cases")
    with pytest.raises(ModelError, match="by characters") as caught:
        predict_cases(nlp, GOLD)
    assert caught.value.where == "a"


def test_a_tokenizer_that_changes_the_text() -> None:
    nlp: Language = spacy.blank("zh")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=list(text))
    with pytest.raises(ModelError, match="changes the text") as caught:
        evaluate(nlp, GOLD)
    assert caught.value.where == "a"


def test_same_seed_same_report() -> None:
    assert report(POOR) == report(POOR)


def test_json() -> None:
    values = json.loads(json.dumps(report(POOR).as_json(), allow_nan=False))
    assert (values["model"], values["notices"], values["tongbao"]) == (
        "zh_by_hand-1.2.3",
        3,
        version("tongbao"),
    )
    assert values["intervals"] == {"level": 0.95, "n_boot": 50, "seed": 0}
    assert list(values["spans"]) == list(MATCHES)
    strict = values["spans"]["strict"]
    assert list(strict["labels"]) == list(LABELS)
    assert (strict["micro"]["tp"], strict["micro"]["support"]) == (3, 7)
    assert strict["micro"]["precision"] == 0.6
    low, high = strict["micro"]["interval"]["precision"]
    assert 0 <= low <= 0.6 <= high <= 1
    assert values["spans"]["partial"]["micro"]["tp"] == 3.5
    assert values["links"]["strict"]["cases"]["recall"] == 0.5
    assert values["links"]["strict"]["cases"]["false_in_negatives"] == 1
    assert values["errors"]["VIOLATION"]["wrong boundary"] == 1
    assert (values["negatives"]["notices"], values["negatives"]["faultless"]) == (2, 1)
    assert sum(map(sum, values["confusion"]["counts"])) == 8
    assert {part["value"] for part in values["slices"] if part["by"] == "name"} == {"seen", "unseen"}


@pytest.mark.parametrize("gold", [[], [GOLD[2]]])
def test_nothing_to_rate_is_null(gold: list[Notice]) -> None:
    found = evaluate(pipeline(WORDS), gold, n_boot=10)
    values = json.loads(json.dumps(found.as_json(), allow_nan=False))
    micro = values["spans"]["strict"]["micro"]
    assert (micro["f1"], micro["interval"]["f1"], micro["support"]) == (None, None, 0)
    assert values["links"]["strict"]["cases"]["recall"] is None
    assert "–" in screen(found)


def test_tables() -> None:
    shown = screen(report(POOR))
    for piece in (
        "zh_by_hand-1.2.3 on gold, 3 notices",
        "50 draws",
        "VIOLATION",
        "Case links, entities overlap",
        "no SANCTION or VIOLATION found in 2 of 2, 1.000",
        "Nothing found that gold has not in 1; spurious: POSITION 1",
        "Subjects found: 1 of 2 cases, 0.500",
        "False cases: 1 of 2 predicted, 1 of them in the 2 notices without a case",
        "multicase",
        "unseen",
        "wrong boundary",
    ):
        assert piece in shown
    assert "Case links, gold entities" in screen(report({}, gold_entities=True))
    assert "draws" not in screen(report(POOR, n_boot=0))


def test_errors_as_a_table() -> None:
    header, *lines = errors_tsv(report(POOR).errors).splitlines()
    assert header.split("\t") == list(COLUMNS)
    rows = [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines]
    boundary = next(row for row in rows if row["kind"] == "wrong boundary")
    assert (boundary["notice_id"], boundary["line"], boundary["column"]) == ("a", "1", "3")
    assert (boundary["gold"], boundary["predicted"], boundary["score"]) == ("公车私用", "私用", "0.5000")
    assert boundary["after"] == r"，受到警告。\n周某赌博，被诫勉。"
    missed = next(row for row in rows if row["kind"] == "missed")
    assert missed["predicted"] == missed["score"] == ""
