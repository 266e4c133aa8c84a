"""The architecture that ships, trained on public sets, whose published figures it can be put beside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..corpus.docbin import write_docbin
from ..corpus.errors import InputError, ModelError
from ..corpus.foreign import read_foreign
from ..corpus.notice import Notice
from ..pipeline.load import load
from .card_tables import PublicSet
from .evaluate import predict
from .figures import micro_rate
from .pairs import pair_notices
from .results import Rate


def bench_public(
    folder: Path,
    public: PublicSet,
    output: Path,
    *,
    config: str = "crf",
    overrides: Sequence[str] = (),
    n_boot: int = 1000,
    say: Callable[[str], None] = print,
) -> Rate:
    """Train a config on a public set and score it.

    Parameters
    ----------
    folder
        Where the set's files lie, under the names of ``published.yaml``.
    output
        Folder for the converted set and the model, made where missing.
    config, overrides
        As ``tongbao train`` takes them, overrides as they stand on a command line.
    say
        Is told what cannot be taken over as it is, such as nested spans.

    Returns
    -------
    Strict precision, recall and F1 over all labels, with the 95 % interval of F1 by bootstrap over texts.

    Raises
    ------
    InputError
        When a file of the set is missing.
    AnnotationError
        When one is broken.
    ModelError
        When the training fails.
    """
    parts: dict[str, tuple[Notice, ...]] = {}
    files = {}
    output.mkdir(parents=True, exist_ok=True)
    for part, path in zip(("learned", "scored"), files_of(folder, public), strict=True):
        found = read_foreign(path)
        for remark in found.remarks():
            say(f"{path}: {remark}")
        parts[part], files[part] = found.notices, output / f"{part}.spacy"
        write_docbin(found.notices, files[part])
    _train(config, files, output, overrides)
    nlp = load(output / "model-best", any_labels=True)
    marked = [prediction.notice for prediction in predict(nlp, parts["scored"])]
    return micro_rate(pair_notices(parts["scored"], marked), n_boot=n_boot)


def files_of(folder: Path, public: PublicSet) -> tuple[Path, Path]:
    """Find the files of a set that are learned from and scored on.

    Raises
    ------
    InputError
        When one is missing.
    """
    learned, scored = folder / public.learned, folder / public.scored
    for path in (learned, scored):
        if not path.is_file():
            raise InputError(
                f"no such file: put the set there as its authors give it ({public.source})", where=str(path)
            )
    return learned, scored


def _train(config: str, files: dict[str, Path], output: Path, overrides: Sequence[str]) -> None:
    """Train as a user would, in a process of its own."""
    command = [sys.executable, "-m", "tongbao", "train", "--config", config, "--output", str(output), *overrides]
    command += ["--paths.train", str(files["learned"]), "--paths.dev", str(files["scored"])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise ModelError(f"cannot be trained: {last}", where=config)
