"""Trains a pipeline from a config, the way ``spacy train`` does, and writes what it measured."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any

import srsly
from confection import Config, ConfigValidationError
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as spacy_train
from spacy.util import load_config

from ..corpus.errors import InputError, ModelError
from ..corpus.folder import TRAIN, read_gold, refuse_heldout
from ..corpus.inline import write_notice
from ..corpus.notice import Entity, Notice
from .fingerprint import ROOT, fingerprint
from .reader import NOTICE_ID
from .tracking import log_to_mlflow, mlflow_errors

CONFIGS = ROOT / "configs"
# What the configs name by its place in a checkout and an install has elsewhere.
SHIPPED = {"corpus/train": TRAIN, "pipeline/segmenter": ROOT / "pipeline" / "segmenter"}
PACKAGES = ("tongbao", "spacy", "numpy", "scipy", "scikit-learn", "jieba", "opencc", "pyahocorasick")


def find_config(name: str | Path) -> Path:
    """Find a config: a path, or the name of one that ships with tongbao (``crf``, ``tok2vec``, ``pkuseg``).

    Raises
    ------
    InputError
        When there is neither.
    """
    path = Path(name)
    shipped = CONFIGS / f"{path.stem}.cfg"
    if path.is_file():
        return path
    if shipped.is_file() and str(name) in (path.stem, str(Path("configs") / shipped.name)):
        return shipped
    known = ", ".join(sorted(file.stem for file in CONFIGS.glob("*.cfg")))
    raise InputError(f"no such config; those that ship are {known}", where=str(name))


def train(
    config: Path, output: Path, *, overrides: Mapping[str, Any] | None = None, experiment: str | None = None
) -> dict[str, Any]:
    """Train a pipeline into ``output/model-best`` and ``output/model-last``, and write ``output/metrics.json``.

    Parameters
    ----------
    config
        A spaCy config.
    output
        Folder, made where missing.
    overrides
        Values for the config by dotted name, as ``spacy train`` takes them.
    experiment
        Of MLflow, which is told of the run; see `tracking.log_to_mlflow`.

    Returns
    -------
    The metrics: scores on the dev part, seconds, versions, fingerprint.

    Raises
    ------
    ModelError
        When the config is not valid, or MLflow is not to be had.
    AnnotationError
        When the corpus is broken or holds held-out notices.
    """
    started = time.perf_counter()
    nlp, made_from = initialize(config, overrides=overrides)
    if experiment is not None:
        log_to_mlflow(nlp, experiment, run_name=config.stem, tags=made_from)
    nlp.meta.update({"name": "tongbao", "version": version("tongbao"), "tongbao": made_from})
    output.mkdir(parents=True, exist_ok=True)
    with nullcontext() if experiment is None else mlflow_errors():
        spacy_train(nlp, output, use_gpu=-1, stdout=sys.stderr, stderr=sys.stderr)
    # What was saved as the best, where the pipeline itself has the scores of the last evaluation.
    best = srsly.read_json(output / "model-best" / "meta.json")["performance"]
    scores = {key: value for key, value in best.items() if key.startswith("ents_")}
    metrics = {
        "dev": scores,
        "seconds": round(time.perf_counter() - started, 1),
        "made_from": made_from,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "overrides": dict(overrides or {}),
    }
    (output / "metrics.json").write_text(json.dumps(metrics, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return metrics


def dev_scores(metrics: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return the scores of `train`'s metrics: label or ``all`` → strict ``p``, ``r``, ``f``, from 0 to 1."""
    dev = metrics["dev"]
    found = {"all": {key: dev[f"ents_{key}"] for key in "prf"}, **(dev.get("ents_per_type") or {})}
    return {name: {key: round(rates[key], 4) for key in "prf"} for name, rates in found.items()}


def cross_validate(
    config: Path, output: Path, *, folds: int, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Score a config by cross-validation: no hand that wrote a notice of a fold wrote one it learns from.

    Overriding ``corpora.train.grouped`` and ``corpora.dev.grouped`` with False deals the notices out by chance instead.

    Parameters
    ----------
    config, output, overrides
        As of `train`; writes ``output/folds.json`` and what was found in each notice into ``output/predicted``.
    folds
        Number of folds, at least 2.

    Returns
    -------
    Strict precision, recall and F1, over all folds together, in all and by label.
    """
    if folds < 2:
        raise InputError("cross-validation needs at least 2 folds", where="--folds")
    examples: list[Example] = []
    sizes = []
    nlp: Language | None = None
    for fold in range(folds):
        extra = {
            f"corpora.{part}.{key}": value
            for part in ("train", "dev")
            for key, value in (("folds", folds), ("fold", fold))
        }
        nlp, _ = initialize(config, overrides={**(overrides or {}), **extra, "corpora.train.part": "train"})
        fitted = _dev_examples(nlp)
        if nlp.config["training"]["max_steps"] > 1:
            spacy_train(nlp, None, use_gpu=-1, stdout=sys.stderr, stderr=sys.stderr)
        for example, doc in zip(fitted, nlp.pipe([example.reference.text for example in fitted]), strict=True):
            examples.append(Example(doc, example.reference))
            _write_prediction(doc, example.reference, output / "predicted")
        sizes.append(len(fitted))
    scores = Scorer(nlp).score(examples)
    result = {
        "folds": folds,
        "notices": sizes,
        "micro": {key: round(scores[f"ents_{key}"], 4) for key in "prf"},
        "labels": {
            label: {key: round(value, 4) for key, value in row.items()}
            for label, row in sorted(scores["ents_per_type"].items())
        },
    }
    output.mkdir(parents=True, exist_ok=True)
    (output / "folds.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return result


def _write_prediction(doc: Doc, reference: Doc, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entities = tuple(Entity(span.start_char, span.end_char, span.label_) for span in doc.ents)
    notice = Notice(reference.user_data[NOTICE_ID], doc.text, {"form": "predicted"}, entities)
    write_notice(notice, folder / f"{notice.id}.md")


def initialize(config: Path, *, overrides: Mapping[str, Any] | None = None) -> tuple[Language, dict[str, str]]:
    """Build and initialise the pipeline of a config; the second value is the fingerprint of what it learns from."""
    try:
        loaded = load_config(config, overrides=dict(overrides or {}), interpolate=False)
        for key, value in loaded["paths"].items():
            if value in SHIPPED and not Path(value).exists():
                loaded["paths"][key] = str(SHIPPED[value])
        _use_whole_paths(loaded, given=overrides or {})
        corpus = Path(loaded["paths"]["train"])
        refuse_heldout(read_gold(corpus))
        # Taken before the fit, which takes minutes in which files may change.
        made_from = fingerprint(config, corpus)
        return init_nlp(loaded), made_from
    except ConfigValidationError as error:
        raise ModelError(f"the config is not valid: {' '.join(str(error).split())}", where=str(config)) from None
    except KeyError as error:
        raise ModelError(f"the config has no section {error}", where=str(config)) from None
    except (ValueError, ImportError, OSError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"the config cannot be used: {first}", where=str(config)) from None


def _use_whole_paths(config: Config, *, given: Mapping[str, Any]) -> None:
    """Learn from all of one path and select on all of the other, unless both are one or the parts are given."""
    paths = [config["paths"].get(part) for part in ("train", "dev")]
    if None in paths or len({Path(path).resolve() for path in paths}) == 1:
        return
    for part in ("train", "dev"):
        corpus = config["corpora"][part]
        # In cross-validation the parts are those of a fold.
        if "part" in corpus and f"corpora.{part}.part" not in given and not corpus.get("folds"):
            corpus["part"] = "all"


def _dev_examples(nlp: Language) -> list[Example]:
    from spacy.util import registry, resolve_dot_names

    config = nlp.config.interpolate()
    training = registry.resolve(config["training"], validate=False)
    (dev_corpus,) = resolve_dot_names(config, [training["dev_corpus"]])
    examples: Iterable[Example] = dev_corpus(nlp)
    return list(examples)
