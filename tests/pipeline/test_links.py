"""How sure links of cases are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Span
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import parse
from tongbao.pipeline import links
from tongbao.pipeline.attach import attach
from tongbao.pipeline.cases import Cases, with_posts
from tongbao.pipeline.links import FEATURES, Pairs, Weights, shipped, to_json
from tongbao.pipeline.scene import Scene
from tongbao.pipeline.subjects import cast

TWO = (
    "[青石镇镇长](POSITION)[林一舟](OFFICIAL)[公车私用](VIOLATION)，受到[党内警告处分](SANCTION)。"
    "[会计](POSITION)[周石](OFFICIAL)[虚报支出](VIOLATION)，[周石](OFFICIAL)被[免职](SANCTION)。"
)


def pairs_of(annotated: str) -> Pairs:
    gold = parse(f"# id: x\n\n{annotated}")
    scene = Scene.of(gold.text, [(entity.start, entity.end, entity.label) for entity in gold.entities])
    found = cast(scene)
    return Pairs(scene, found, with_posts(found, attach(scene, found)))


def facts(pairs: Pairs, index: int, who: int) -> dict[str, float]:
    return dict(zip(FEATURES, pairs.row(index, who), strict=True))


def test_a_pair_is_judged_by_where_the_two_stand() -> None:
    pairs = pairs_of(TWO)
    own, others = facts(pairs, 3, 0), facts(pairs, 3, 1)
    assert (own["linked"], own["before_clause"], own["before_sentence"], own["recency"]) == (True, False, True, 0)
    assert (others["linked"], others["before"], others["after"], others["after_others"]) == (False, False, True, 0)


def test_what_belongs_together_is_more_probable() -> None:
    pairs = pairs_of(TWO)
    for index in (0, 2, 3):
        assert pairs.probability(index, 0) > 0.9 > 0.1 > pairs.probability(index, 1)


def test_scores_of_a_case_hold_those_of_its_entities() -> None:
    gold = parse(f"# id: x\n\n{TWO}")
    doc = spacy.blank("zh")(gold.text)
    found = [doc.char_span(entity.start, entity.end, label=entity.label) for entity in gold.entities]
    doc.ents = [span for span in found if span is not None]
    if not Span.has_extension("score"):
        Span.set_extension("score", default=None)
    without = Cases()(doc)._.cases[0]
    for span in doc.ents:
        span._.score = 0.5
    half = Cases()(doc)._.cases[0]
    assert half.sanction_scores == pytest.approx([score / 4 for score in without.sanction_scores])
    assert len(half.violation_scores) == len(half.violations) == 1


def test_weights_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "links.json"
    path.write_text(to_json(shipped()), "utf-8")
    monkeypatch.setattr(links, "SHIPPED", path)
    want = shipped()
    shipped.cache_clear()
    assert shipped() == want
    shipped.cache_clear()


@pytest.mark.parametrize("content", [None, "", "{}", json.dumps({"features": ["linked"]})])
def test_damaged_weights(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "links.json"
    if content is not None:
        path.write_text(content, "utf-8")
    monkeypatch.setattr(links, "SHIPPED", path)
    shipped.cache_clear()
    with pytest.raises(ModelError, match=r"links\.json"):
        shipped()
    shipped.cache_clear()


def test_the_far_away_is_no_overflow() -> None:
    assert Weights((1e6,), 0.0).probability([-1.0]) == 0
    assert Weights((1e6,), 0.0).probability([1.0]) == 1
