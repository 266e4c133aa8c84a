"""The model card: what the stored figures say, drawn and written alike each time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tongbao.corpus.errors import InputError, ModelError
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.evaluation.card import DEFAULT, PICTURE, TEMPLATE, read_stored, render
from tongbao.evaluation.card_tables import public_sets
from tongbao.evaluation.curve_plot import draw_curve, mean_points, title_of
from tongbao.evaluation.figures import digest
from tongbao.evaluation.recording import measure_shipped
from tongbao.evaluation.results import Learner, Shipped
from tongbao.pipeline.load import SHIPPED, load

from .pipelines import pipeline
from .stored import GOLD, stored

ROOT = Path(__file__).parents[2]


def test_the_card_says_what_the_results_say() -> None:
    card = (ROOT / "MODEL_CARD.md").read_text("utf-8")
    assert card == render(read_stored()), "run `make card` and commit MODEL_CARD.md"


def test_the_results_are_of_the_shipped_model_and_the_heldout_notices() -> None:
    meta = json.loads((SHIPPED / "meta.json").read_text("utf-8"))
    shipped = read_stored().shipped
    assert shipped.made_from == meta["tongbao"], "run `make card` and commit what it writes"
    assert shipped.figures.gold == digest(read_gold(HELDOUT)), "run `make card` and commit what it writes"


def test_the_picture_is_of_the_stored_curve() -> None:
    curve = read_stored().curve
    if curve is not None:
        assert title_of(curve) in (ROOT / PICTURE).read_text("utf-8"), "run `make card` and commit docs"


@pytest.mark.slow
def test_measuring_the_shipped_model_again_gives_the_stored_figures() -> None:
    again = measure_shipped(load(), read_gold(TRAIN), read_gold(HELDOUT))
    kept = read_stored().shipped
    assert again.figures.micro.f == pytest.approx(kept.figures.micro.f, abs=0.002), "run `make card`"
    assert again.links["predicted"].f == pytest.approx(kept.links["predicted"].f, abs=0.005), "run `make card`"
    assert (again.train, again.heldout) == (kept.train, kept.heldout)


def section(title: str) -> str:
    """Return a section of a card of made-up results."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##|\Z)", render(stored()), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Accuracy on the held-out notices", "| POSITION | 0.000 | 0.000 | 0.000 | 0.000–0.000 | 1 |"),
        ("Accuracy on the held-out notices", "1 of 1 subjects were found; 0 of the predicted"),
        ("Accuracy on the held-out notices", "In 2 of the 2 (100.0 %) held-out texts without a case"),
        ("Accuracy on the held-out notices", "In cross-validation over the training notices: In 2 of the 2 (100.0 %)"),
        ("Learners compared", "| `crf`: as it ships | 0.889 ("),
        ("Learners compared", "| `gazetteer`: lists \\| rules | — | — | 0.750 ("),
        ("Features", "| `no-words`: `components.ner.features.words = False` | 0.889 ("),
        ("Features", "+0.000 (-"),
        ("Cost", "| `crf` | 400 s | 8.4 MB | 70,000 | 2.00 |"),
        ("Chinese Resume NER, test part", "| **tongbao `crf`** | 85.00 | 80.00–90.00 | measured here |"),
        ("CLUENER2020", "| tongbao | — |  |  |"),
        ("Agreement of annotators", "annotations of 3 notices. By two."),
        ("Agreement of annotators", "| VIOLATION | 0.000 |"),
        ("Learning curve", "| 45 | 2 | 0.750 | 0.745–0.755 | 0.900 | — | — | — |"),
        ("Learning curve", f"]({PICTURE})"),
        ("Made from", "| corpus | `0000000000000000` |"),
    ],
)
def test_each_section_shows_its_figures(title: str, line: str) -> None:
    assert line in section(title)


def test_public_figures_stand_in_order() -> None:
    shown = [
        float(row) for row in re.findall(r"^\| [^|]*\| (\d+\.\d+) \|", section("Chinese Resume NER, test part"), re.M)
    ]
    assert shown == sorted(shown)
    assert len(shown) == len(public_sets()["resume"].published) + 1


def test_the_default_stands_above_its_variants() -> None:
    assert re.findall(r"^\| `([\w-]+)`", section("Features"), re.M) == ["crf", "no-words"]


def test_what_is_not_measured_is_said() -> None:
    bare = replace(stored(), learners=(), agreement=None, curve=None)
    card = render(bare)
    assert card.count("Not measured yet.") == 6
    assert PICTURE not in card
    assert "{{" not in card


def test_every_field_of_the_template_is_known() -> None:
    assert "{{" in TEMPLATE.read_text("utf-8")
    assert "{{" not in render(stored())


def test_figures_of_other_notices_are_not_compared() -> None:
    everything = stored()
    other = everything.learners[1].heldout
    assert other is not None
    stranger = Learner(name="old", heldout=other.model_copy(update={"gold": "f" * 16}))
    assert "other notices or folds" in render(replace(everything, learners=(*everything.learners, stranger)))


def test_the_picture_is_drawn_alike_each_time(tmp_path: Path) -> None:
    curve = stored().curve
    assert curve is not None
    for name in ("a.svg", "b.svg"):
        draw_curve(curve, tmp_path / "docs" / name)
    first, second = ((tmp_path / "docs" / name).read_bytes() for name in ("a.svg", "b.svg"))
    assert first == second
    assert b"<dc:date>" not in first
    assert title_of(curve).encode() in first
    assert mean_points(curve)[45]["all"] == pytest.approx(0.75)


def test_without_figures_of_the_shipped_model_there_is_no_card(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run `tongbao card shipped`"):
        read_stored(tmp_path)


def test_measuring_a_model_that_ships() -> None:
    nlp = pipeline({"林某": "OFFICIAL", "警告": "SANCTION"})
    with pytest.raises(ModelError, match="make model"):
        measure_shipped(nlp, GOLD, GOLD)
    nlp.meta["tongbao"] = {"corpus": "x"}
    found: Shipped = measure_shipped(nlp, GOLD, GOLD, n_boot=10)
    assert (found.model, found.made_from, found.subjects_found) == ("zh_by_hand-1.2.3", {"corpus": "x"}, 1)
    assert found.links["gold"].f == 1.0
    assert {part.by for part in found.figures.slices} >= {"form", "name"}


def test_the_default_is_a_config_that_ships() -> None:
    assert (ROOT / "configs" / f"{DEFAULT}.cfg").is_file()
