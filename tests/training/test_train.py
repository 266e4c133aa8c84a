"""Training: the same command for every config, nothing learned from held-out notices, the same result twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from tongbao.corpus.docbin import write_docbin
from tongbao.corpus.errors import AnnotationError, InputError, ModelError
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.corpus.foreign import read_foreign
from tongbao.training import train as module
from tongbao.training.fingerprint import fingerprint
from tongbao.training.reader import create_corpus_reader, split
from tongbao.training.segmenter import segmented_lines, train_segmenter
from tongbao.training.train import CONFIGS, cross_validate, find_config, initialize, train


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small corpus of two hands."""
    folder = tmp_path_factory.mktemp("corpus")
    for file in [*sorted(TRAIN.glob("t1_00*.md")), *sorted(TRAIN.glob("u2_00*.md"))]:
        shutil.copy(file, folder)
    return folder


def quick(corpus: Path) -> dict[str, object]:
    return {
        "paths.train": str(corpus),
        "paths.dev": str(corpus),
        "components.ner.fit.epochs": 4,
        "corpora.train.augmenter.copies": 0,
    }


def test_train_writes_models_and_what_they_were_made_from(corpus: Path, tmp_path: Path) -> None:
    metrics = train(find_config("crf"), tmp_path, overrides=quick(corpus))
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8"))["made_from"] == metrics["made_from"]
    nlp = spacy.load(tmp_path / "model-best")
    assert nlp.meta["tongbao"] == fingerprint(find_config("crf"), corpus)
    assert nlp("县水利局局长王大年受到党内警告处分。").ents
    assert (tmp_path / "model-last" / "ner" / "crf.npz").stat().st_size < 12_000_000


def test_metrics_are_those_of_the_best_model(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fitted(nlp: Language, output: Path, **_: object) -> None:
        for name, score in (("model-best", 0.9), ("model-last", 0.4)):
            nlp.meta["performance"] = {"ents_f": score}
            nlp.to_disk(output / name)

    monkeypatch.setattr(module, "spacy_train", fitted)
    assert train(find_config("crf"), tmp_path, overrides=quick(corpus))["dev"] == {"ents_f": 0.9}


def test_the_same_seed_gives_the_same_model(corpus: Path, tmp_path: Path) -> None:
    for run in ("a", "b"):
        train(find_config("crf"), tmp_path / run, overrides=quick(corpus))
    first, second = ((tmp_path / run / "model-last" / "ner" / "crf.npz").read_bytes() for run in ("a", "b"))
    assert first == second


@pytest.mark.parametrize("config", sorted(file.stem for file in CONFIGS.glob("*.cfg")))
def test_no_config_ever_trains_on_heldout(config: str, tmp_path: Path) -> None:
    overrides = {"paths.train": str(HELDOUT), "paths.dev": str(HELDOUT)}
    with pytest.raises(AnnotationError, match="held.out"):
        train(find_config(config), tmp_path, overrides=overrides)


def test_a_copy_of_a_heldout_notice_is_refused_under_another_name(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder)
    content = (HELDOUT / "b001.md").read_text("utf-8").replace("# id: b001", "# id: innocent")
    (folder / "innocent.md").write_text(content, "utf-8")
    with pytest.raises(AnnotationError, match="held out"):
        list(create_corpus_reader(folder)(spacy.blank("zh")))


def test_parts_are_disjoint_and_complete() -> None:
    notices = read_gold(TRAIN)
    dev = {n.id for n in split(notices, part="dev")}
    learned = {n.id for n in split(notices, part="train")}
    assert not dev & learned
    assert dev | learned == {n.id for n in notices}
    assert 0.05 < len(dev) / len(notices) < 0.15


SENTENCES = """\
邬 B-NAME
德 M-NAME
海 E-NAME
任 O
甲 B-ORG
厂 E-ORG
厂 B-TITLE
长 E-TITLE

{0} B-NAME
某 E-NAME
， O
甲 B-ORG
厂 E-ORG
会 B-TITLE
计 E-TITLE

"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Give two files with labels that are none of ours, to learn from one and be scored on the other."""
    folder = tmp_path_factory.mktemp("foreign")
    for part, surnames in (("train", "赵钱孙李周吴"), ("dev", "郑王")):
        columns = folder / f"{part}.bmes"
        columns.write_text("".join(map(SENTENCES.format, surnames)), "utf-8")
        write_docbin(read_foreign(columns).notices, folder / f"{part}.spacy")
    return {f"paths.{part}": str(folder / f"{part}.spacy") for part in ("train", "dev")}


def test_all_of_one_set_is_learned_and_all_of_the_other_scored(foreign: dict[str, object], tmp_path: Path) -> None:
    metrics = train(find_config("crf"), tmp_path, overrides={**foreign, "components.ner.fit.min_count": 1})
    written = json.loads((tmp_path / "metrics.json").read_text("utf-8"))["dev"]
    assert written == metrics["dev"]
    assert (written["ents_p"], written["ents_r"], written["ents_f"]) == (1.0, 1.0, 1.0)
    assert {label: row["f"] for label, row in written["ents_per_type"].items()} == dict.fromkeys(
        ("NAME", "ORG", "TITLE"), 1.0
    )
    nlp = spacy.load(tmp_path / "model-last")
    assert nlp.config["corpora"]["train"]["part"] == nlp.config["corpora"]["dev"]["part"] == "all"
    assert [(span.text, span.label_) for span in nlp("冯某，甲厂会计").ents][-1] == ("会计", "TITLE")


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"corpora.train.part": "train"}, ("train", "all")),
        ({"corpora.dev.part": "dev"}, ("all", "dev")),
        ({"corpora.train.folds": 2, "corpora.dev.folds": 2}, ("train", "dev")),
    ],
)
def test_parts_that_are_asked_for_stay(
    overrides: dict[str, object], expected: tuple[str, str], foreign: dict[str, object]
) -> None:
    nlp, _ = initialize(find_config("crf"), overrides={**foreign, **overrides, "components.ner.fit.epochs": 1})
    assert (nlp.config["corpora"]["train"]["part"], nlp.config["corpora"]["dev"]["part"]) == expected


def test_one_path_is_split(corpus: Path) -> None:
    overrides = {**quick(corpus), "components.ner.fit.epochs": 1, "paths.dev": f"{corpus}/../{corpus.name}"}
    nlp, _ = initialize(find_config("crf"), overrides=overrides)
    assert (nlp.config["corpora"]["train"]["part"], nlp.config["corpora"]["dev"]["part"]) == ("train", "dev")


def test_folds_keep_hands_apart_and_meet_every_notice_once() -> None:
    notices = read_gold(TRAIN)
    met: list[str] = []
    for fold in range(5):
        dev = split(notices, part="dev", folds=5, fold=fold)
        learned = split(notices, part="train", folds=5, fold=fold)
        assert not {n.id.split("_")[0] for n in dev} & {n.id.split("_")[0] for n in learned}
        met += [n.id for n in dev]
    assert sorted(met) == sorted(n.id for n in notices)


def test_folds_by_chance_mix_hands_and_meet_every_notice_once() -> None:
    notices = read_gold(TRAIN)
    dealt = [split(notices, part="dev", folds=5, fold=fold, grouped=False) for fold in range(5)]
    assert sorted(n.id for dev in dealt for n in dev) == sorted(n.id for n in notices)
    assert all(len({n.id.split("_")[0] for n in dev}) > 15 for dev in dealt)


def test_cross_validation_scores_every_notice(corpus: Path, tmp_path: Path) -> None:
    result = cross_validate(find_config("crf"), tmp_path, folds=2, overrides=quick(corpus))
    assert sum(result["notices"]) == len(list(corpus.glob("*.md")))
    assert 0.3 < result["micro"]["f"] < 1
    assert len(list((tmp_path / "predicted").glob("*.md"))) == len(list(corpus.glob("*.md")))


@pytest.mark.parametrize(
    ("overrides", "error", "message"),
    [
        ({"components.ner.fit.magic": 1}, ModelError, "magic"),
        ({"nlp.lang": "xx_none"}, ModelError, "crf.cfg"),
        ({"paths.train": "no/such/folder"}, AnnotationError, "no such file"),
    ],
)
def test_mistakes_in_a_config_are_one_clear_error(
    corpus: Path, tmp_path: Path, overrides: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        train(find_config("crf"), tmp_path, overrides={**quick(corpus), **overrides})


def test_an_unknown_config_is_named_with_those_that_ship() -> None:
    known = ", ".join(sorted(file.stem for file in CONFIGS.glob("*.cfg")))
    with pytest.raises(InputError, match=f"those that ship are {known}$"):
        find_config("best")


def test_segmenter_words_never_cross_a_gold_edge(corpus: Path) -> None:
    for notice in read_gold(corpus):
        joined = "".join(segmented_lines(notice)).replace(" ", "")
        assert len(joined) > len(notice.text) * 0.8


@pytest.mark.slow
def test_segmenter_trains_and_spacy_uses_it(corpus: Path, tmp_path: Path) -> None:
    from tongbao.pipeline.words import load_segmenter, load_tokenizer

    train_segmenter(read_gold(corpus), tmp_path, characters=5000, iterations=2)
    text = "县水利局局长受到党内警告处分。"
    assert "".join(load_segmenter(tmp_path)(text)) == text
    assert load_tokenizer(tmp_path)(text).text == text


def test_spacys_recogniser_trains_over_our_ngrams(corpus: Path, tmp_path: Path) -> None:
    overrides = {
        "paths.train": str(corpus),
        "paths.dev": str(corpus),
        "training.max_steps": 2,
        "training.eval_frequency": 1,
        "components.ner.model.tok2vec.embed.rows": [50] * 7,
    }
    metrics = train(find_config("ngram"), tmp_path, overrides=overrides)
    assert set(metrics["dev"]) >= {"ents_f", "ents_per_type"}
    nlp = spacy.load(tmp_path / "model-last")
    assert nlp.pipe_names[:2] == ["ner", "cases"]
    assert nlp("县水利局局长王大年受到党内警告处分。")._.cases is not None


@pytest.mark.slow
@pytest.mark.parametrize("config", ["tok2vec", "pkuseg"])
def test_spacys_own_recogniser_trains_by_the_same_command(config: str, corpus: Path, tmp_path: Path) -> None:
    overrides = {
        "paths.train": str(corpus),
        "paths.dev": str(corpus),
        "training.max_steps": 4,
        "training.eval_frequency": 2,
    }
    train(find_config(config), tmp_path, overrides=overrides)
    assert spacy.load(tmp_path / "model-last").pipe_names[:3] == ["tok2vec", "ner", "cases"]


def run_spacy(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "spacy", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_spacys_own_commands_work_on_the_shipped_config_and_model(corpus: Path, tmp_path: Path) -> None:
    options = [part for key, value in quick(corpus).items() for part in (f"--{key}", str(value))]
    run_spacy("train", str(CONFIGS / "crf.cfg"), "--output", str(tmp_path / "out"), *options)
    write_docbin(read_gold(corpus), tmp_path / "gold.spacy")
    model = str(tmp_path / "out" / "model-last")
    run_spacy("evaluate", model, str(tmp_path / "gold.spacy"), "--output", str(tmp_path / "scores.json"))
    assert json.loads((tmp_path / "scores.json").read_text("utf-8"))["ents_f"] > 0.5
    (tmp_path / "packages").mkdir()
    run_spacy(
        "package", model, str(tmp_path / "packages"), "--name", "tongbao", "--version", "9.9.9", "--build", "sdist"
    )
    assert list(tmp_path.rglob("zh_tongbao-9.9.9.tar.gz"))
