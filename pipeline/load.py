"""Loads a pipeline: the model that ships with the package, a folder, or an installed package."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import spacy
from spacy.language import Language

from ..corpus.errors import ModelError, TongbaoError
from ..corpus.notice import LABELS

SHIPPED = Path(__file__).parent / "model"
"""The spaCy pipeline that ships with the package."""
SHIPPED_NAME = "zh_tongbao"


def load(path: str | Path | None = None, *, any_labels: bool = False) -> Language:
    """Load a pipeline that marks entities in notices and assembles cases.

    Parameters
    ----------
    path
        Folder of a trained pipeline, as ``tongbao train`` writes it, or the name of an installed one;
        None or ``zh_tongbao`` for the model that ships with the package.
    any_labels
        Take a pipeline that marks none of the guideline's labels as well, such as one trained on a set of others.

    Raises
    ------
    ModelError
        When there is no pipeline, or it is damaged, of another version, or not made for notices.
    """
    if path is None or str(path) == SHIPPED_NAME:
        if not (SHIPPED / "config.cfg").is_file():
            what = "the shipped model is missing: install tongbao again, or train a model with `tongbao train`"
            raise ModelError(what, where=str(SHIPPED))
        return _load(SHIPPED, str(SHIPPED), any_labels=any_labels)
    folder = Path(path)
    where = str(path)
    if folder.is_dir():
        if not (folder / "config.cfg").is_file():
            raise ModelError(f"not a spaCy pipeline, for it holds no config.cfg{_below(folder)}", where=where)
        return _load(folder, where, any_labels=any_labels)
    if folder.exists():
        what = "not a folder: give the folder of a trained pipeline, such as training/model-best"
        raise ModelError(what, where=where)
    if where.isidentifier() and spacy.util.is_package(where):
        return _load(where, where, any_labels=any_labels)
    what = "no such model: give the folder of a trained pipeline, or zh_tongbao for the shipped one"
    raise ModelError(what, where=where)


def model_name(nlp: Language) -> str:
    """Return language, name and version of a pipeline: ``zh_tongbao-0.1.0``."""
    return f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"


def model_digest(nlp: Language) -> str:
    """Hash the files that a pipeline was loaded from, for two models may have one name; empty where it has none."""
    digest = blake2b(digest_size=8)
    files = sorted(path for path in nlp.path.rglob("*") if path.is_file()) if nlp.path else []
    for path in files:
        digest.update(f"{path.relative_to(nlp.path)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest() if files else ""


def _load(name: str | Path, where: str, *, any_labels: bool) -> Language:
    try:
        nlp = spacy.load(name)
    except TongbaoError as error:
        # A component knows its own part of the folder only.
        raise ModelError(error.what, where=where) from error
    except Exception as error:  # spaCy, srsly and the components each raise their own
        what = f"cannot be loaded, damaged or of another version ({_first_line(error)}): install or train it again"
        raise ModelError(what, where=where) from error
    labels = {label for of_pipe in nlp.pipe_labels.values() for label in of_pipe}
    if not nlp.pipe_names or (labels and labels.isdisjoint(LABELS) and not any_labels):
        found = ", ".join(sorted(map(str, labels))[:8]) or "nothing"
        what = f"not a model for notices: it marks {found} instead of {', '.join(LABELS)}"
        raise ModelError(what, where=where)
    return nlp


def _below(folder: Path) -> str:
    """Name a pipeline right below a folder, for that is what is given by mistake after a training."""
    for name in ("model-best", "model-last"):
        if (folder / name / "config.cfg").is_file():
            return f": did you mean {folder / name}?"
    return ": give the folder of a trained pipeline, such as training/model-best"


def _first_line(error: Exception) -> str:
    return (str(error).strip().partition("\n")[0] or type(error).__name__)[:200]
