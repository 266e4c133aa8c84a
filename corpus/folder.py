"""Gold on disk: a folder of inline files, or one file of any format; and the wall around the held-out notices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from .errors import AnnotationError
from .inline import read_notice
from .notice import Notice

TRAIN = Path(__file__).parent / "train"
HELDOUT = Path(__file__).parent / "heldout"
ENDINGS = (".md", ".jsonl", ".spacy", ".bio", ".bmes")

_SPACE = re.compile(r"\s+")


class GoldError(AnnotationError):
    """Several gold files are broken; ``str()`` gives one line for each.

    Parameters
    ----------
    errors
        The errors in the order of their files, at least one.
    """

    def __init__(self, errors: Iterable[AnnotationError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def read_gold(path: Path) -> list[Notice]:
    """Read all notices of a gold folder or file; each knows its file in ``source``.

    Parameters
    ----------
    path
        A folder, whose ``*.md`` are read in order of their names, or one file: ``.md``, ``.jsonl`` (doccano),
        ``.spacy``, or columns with a header (``.bio``, ``.bmes``).

    Raises
    ------
    AnnotationError
        When nothing is there, a file is broken or an id stands twice; all that is wrong is told at once.
    """
    notices, errors = scan_gold(path)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise GoldError(errors)
    return notices


def scan_gold(path: Path) -> tuple[list[Notice], list[AnnotationError]]:
    """Read what can be read of a gold folder or file, and say what is wrong with the rest."""
    if not path.exists():
        return [], [AnnotationError("no such file or folder", where=str(path))]
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if not files:
        return [], [AnnotationError("no .md file in this folder", where=str(path))]
    notices: list[Notice] = []
    errors: list[AnnotationError] = []
    first_seen: dict[str, str] = {}
    for file in files:
        try:
            read = _reader(file)(file)
        except AnnotationError as error:
            errors.append(error)
            continue
        except OSError as error:
            errors.append(AnnotationError(f"cannot be read: {error.strerror}", where=str(file)))
            continue
        for notice in read:
            if notice.id in first_seen:
                before = first_seen[notice.id]
                what = f"the id {notice.id!r} stands already in {before}: give each notice its own"
                errors.append(AnnotationError(what, where=str(file)))
                continue
            first_seen[notice.id] = str(file)
            notices.append(replace(notice, source=str(file)))
    return notices, errors


def is_heldout(path: Path, *, heldout: Path = HELDOUT) -> bool:
    """Say whether a path is the held-out folder or lies in it."""
    return path.resolve().is_relative_to(heldout.resolve())


def refuse_heldout(notices: Iterable[Notice], *, heldout: Path = HELDOUT) -> None:
    """Make sure that no held-out notice is trained on.

    A notice is known by where it was read from and by its text without white space, so a copy under another
    name or id does not slip through.

    Raises
    ------
    AnnotationError
        Names the first notice that is held out.
    """
    known = _fingerprints(heldout.resolve())
    for notice in notices:
        source = notice.source
        if source is not None and "://" not in source and is_heldout(Path(source), heldout=heldout):
            what = "lies in the held-out folder, which measures models and never trains them: leave it out"
            raise AnnotationError(what, where=source)
        twin = known.get(fingerprint(notice.text))
        if twin is not None:
            what = f"has the text of {twin!r}, which is held out to measure models: leave it out of training"
            raise AnnotationError(what, where=source or notice.id)


def fingerprint(text: str) -> str:
    """Return a hash of a text that does not see white space."""
    return sha256(_SPACE.sub("", text).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=8)
def _fingerprints(folder: Path) -> dict[str, str]:
    return {fingerprint(notice.text): notice.id for notice in read_gold(folder)} if folder.is_dir() else {}


def _reader(path: Path) -> Callable[[Path], list[Notice]]:
    ending = path.suffix.lower()
    if ending == ".md":
        return lambda file: [read_notice(file)]
    if ending == ".jsonl":
        from .doccano import read_doccano

        return read_doccano
    if ending == ".spacy":
        from .docbin import read_docbin

        return read_docbin
    if ending in (".bio", ".bmes"):
        from .columns import read_columns

        return read_columns
    what = f"not a gold file: its name ends in {ending or 'nothing'!r}, not in one of {', '.join(ENDINGS)}"
    raise AnnotationError(what, where=str(path))
