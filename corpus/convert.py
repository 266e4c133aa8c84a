"""Which format a path's ending means, and how notices are read from it and written in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from .columns import Split, write_columns
from .errors import AnnotationError, InputError
from .folder import read_gold
from .foreign import refuse_foreign
from .inline import format_notice
from .notice import Notice

Format = Literal["inline", "doccano", "label-studio", "spacy", "bio", "bmes"]
FORMATS: tuple[Format, ...] = get_args(Format)

_BY_ENDING: dict[str, Format] = {"": "inline", ".md": "inline", ".jsonl": "doccano", ".spacy": "spacy"}
_BY_ENDING |= {".json": "label-studio", ".bio": "bio", ".bmes": "bmes"}
_NO_NAMES = frozenset({"", ".", ".."})


def format_of(path: Path) -> Format:
    """Return the format that a path's ending means; a folder, or no ending, means inline files.

    Raises
    ------
    InputError
        When the ending means no format.
    """
    found = "inline" if path.is_dir() else _BY_ENDING.get(path.suffix.lower())
    if found is None:
        raise InputError(f"which format is {path.suffix!r}? Say --to {', '.join(FORMATS)}", where=str(path))
    return found


def read_convertible(path: Path) -> list[Notice]:
    """Read gold (see `folder.read_gold`), the zip of a doccano export, or the JSON of Label Studio.

    Raises
    ------
    AnnotationError
        As of `folder.read_gold`: what is broken, or an id that stands twice.
    """
    ending = path.suffix.lower()
    if path.is_dir() or ending not in (".zip", ".json"):
        return read_gold(path)
    if ending == ".zip":
        from .doccano import read_doccano

        notices = read_doccano(path)
    else:
        from .label_studio import read_label_studio

        notices = read_label_studio(path)
    counted = Counter(notice.id for notice in notices)
    twice = next((name for name, count in counted.items() if count > 1), None)
    if twice is not None:
        raise AnnotationError(f"the id {twice!r} stands twice: give each notice its own", where=str(path))
    return notices


def write_gold(
    notices: Sequence[Notice], output: Path, *, to: Format, split: Split = "sentence", plain: bool = False
) -> None:
    """Write notices in a format.

    Parameters
    ----------
    notices
        What to write.
    output
        A file, made or replaced. For inline notices a folder, where each gets the name of its id, or one ``.md``
        file for one notice.
    to
        The format.
    split, plain
        Of columns: see `columns.format_columns`.

    Raises
    ------
    AnnotationError
        When a notice has no form in this format, for its label is none of ours, or its id is no name of a file.
    InputError
        When nothing can be written there, or several inline notices should go into one file.
    """
    if to != "spacy":
        refuse_foreign(notices, where=str(output))
    try:
        if to == "inline":
            _write_inline(notices, output)
        elif to == "doccano":
            from .doccano import write_doccano

            write_doccano(notices, output)
        elif to == "label-studio":
            from .label_studio import write_label_studio

            write_label_studio(notices, output)
        elif to == "spacy":
            from .docbin import write_docbin

            write_docbin(notices, output)
        else:
            write_columns(notices, output, scheme=to, split=split, plain=plain)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(error.filename or output)) from None


def inline_path(folder: Path, notice: Notice) -> Path:
    """Return the inline file of a notice in a folder: it has the name of its id.

    Raises
    ------
    AnnotationError
        When the id is no name of a file.
    """
    path = folder / f"{notice.id}.md"
    if path.parent != folder or notice.id in _NO_NAMES or "\0" in notice.id:
        raise AnnotationError(f"the id {notice.id!r} is no name of a file: rename it", where=notice.source)
    return path


def _write_inline(notices: Sequence[Notice], output: Path) -> None:
    if output.suffix.lower() == ".md" and not output.is_dir():
        if len(notices) != 1:
            what = f"one file holds one inline notice, not {len(notices)}: give a folder"
            raise InputError(what, where=str(output))
        output.write_bytes(format_notice(notices[0]).encode("utf-8"))
        return
    files = {inline_path(output, notice): format_notice(notice).encode("utf-8") for notice in notices}
    # Nothing is written before everything could be.
    output.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
