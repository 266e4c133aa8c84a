"""What a model was made from, so that a stale model is known as one."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from ..corpus.folder import TRAIN

ROOT = Path(__file__).parent.parent

# The code whose change changes a trained model.
CODE = (
    "corpus/folder.py",
    "corpus/inline.py",
    "corpus/notice.py",
    "corpus/offsets.py",
    "pipeline/blamed.py",
    "pipeline/breaks.py",
    "pipeline/chain_ner.py",
    "pipeline/clauses.py",
    "pipeline/crf.py",
    "pipeline/crf_fit.py",
    "pipeline/crf_ner.py",
    "pipeline/dictionary.py",
    "pipeline/facts.py",
    "pipeline/features.py",
    "pipeline/lattice.py",
    "pipeline/lexicon.py",
    "pipeline/mentions.py",
    "pipeline/normalize.py",
    "pipeline/pinyin.py",
    "pipeline/repeats.py",
    "pipeline/templates.py",
    "pipeline/view.py",
    "training/augment.py",
    "training/reader.py",
)


def fingerprint(config: Path, corpus: Path = TRAIN) -> dict[str, str]:
    """Hash what goes into a model.

    Parameters
    ----------
    config
        The spaCy config.
    corpus
        A folder of gold notices, or one file.

    Returns
    -------
    SHA-256 digests, 16 hex digits each, of ``corpus``, ``config``, ``code`` and ``lexicon``.
    """
    notices = sorted(corpus.glob("*.md")) if corpus.is_dir() else [corpus]
    return {
        "corpus": _digest(notices),
        "config": _digest([config]),
        "code": _digest(ROOT / name for name in CODE),
        "lexicon": _digest(sorted((ROOT / "pipeline" / "lexicon").glob("*.txt"))),
    }


def _digest(files: Iterable[Path]) -> str:
    digest = sha256()
    for file in files:
        # Line ends may change with the checkout; what they separate may not.
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]
