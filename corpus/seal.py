"""Inline files with a seal, a hash of the rest in the header, so that a file changed by hand is not overwritten."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from .inline import format_notice
from .notice import Notice

Seal = Literal["pulled", "merged"]
"""Key of the header line: what wrote the file."""
Outcome = Literal["written", "unchanged", "kept"]


def sealed(notice: Notice, seal: Seal) -> str:
    """Return the inline form of a notice with this seal as its last header line, and no other.

    Raises
    ------
    AnnotationError
        When the notice has no inline form.
    """
    meta = {key: value for key, value in notice.meta.items() if key not in get_args(Seal)}
    content = format_notice(replace(notice, meta=meta))
    return format_notice(replace(notice, meta={**meta, seal: _hash(content)}))


def write_sealed(content: str, path: Path, seal: Seal, *, force: bool) -> Outcome:
    """Write what `sealed` gave, unless somebody changed the file since it was written, or wrote it by hand.

    Returns
    -------
    Outcome
        ``unchanged`` where the file says the same already, or was changed while there is nothing new to write;
        ``kept`` where it was changed, and there is something new that ``force`` would write.
    """
    here = path.read_bytes().decode("utf-8", "replace") if path.exists() else None
    if here == content:
        return "unchanged"
    if here is None or force or _seal_of(here, seal) == _hash(here, seal):
        path.write_bytes(content.encode("utf-8"))
        return "written"
    # There is nothing new, or the same change was made on both sides.
    same = _seal_of(here, seal) == _seal_of(content, seal) or _body(here) == _body(content)
    return "unchanged" if same else "kept"


def _hash(content: str, seal: Seal | None = None) -> str:
    """Hash all of a file but its seal."""
    header, gap, body = content.partition("\n\n")
    lines = [line for line in header.split("\n") if seal is None or not line.startswith(f"# {seal}: ")]
    rest = "\n".join(lines) + gap + body
    return sha256(rest.encode("utf-8", "replace")).hexdigest()[:16]


def _seal_of(content: str, seal: Seal) -> str | None:
    mark = f"# {seal}: "
    lines = content.partition("\n\n")[0].split("\n")
    return next((line.removeprefix(mark) for line in lines if line.startswith(mark)), None)


def _body(content: str) -> str:
    return content.partition("\n\n")[2]
