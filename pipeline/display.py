"""Shows a tagged notice in a terminal: its text with the entities in colour, and a table of its cases."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from ..corpus.console import plain
from ..corpus.errors import InputError
from ..corpus.notice import LABELS, Entity
from .case import Case
from .tagged import TaggedNotice

STYLES = {
    "OFFICIAL": "black on bright_cyan",
    "POSITION": "black on bright_green",
    "SANCTION": "black on bright_yellow",
    "VIOLATION": "white on red",
}

_RAISED = str.maketrans("0123456789,", "⁰¹²³⁴⁵⁶⁷⁸⁹˙")
_OPENERS = "“‘「『（《〈【〔(\\["
_CLOSERS = "。，、；：！？”’」』）》〉】〕…·,.;:!?)\\]%％⁰¹²³⁴⁵⁶⁷⁸⁹˙"
# What stays on one line: a word of Latin letters or a number, with the brackets and marks that cling to it.
_SVG_TEXT = re.compile(r'textLength="(?P<width>[\d.]+)"(?P<rest>[^>]*)>(?P<shown>[^<]+)</text>')
_UNIT = re.compile(rf"[{_OPENERS}]*(?:[0-9A-Za-z][!-~]*|[\s\S])[{_CLOSERS}]*")


def show(tagged: TaggedNotice, console: Console, *, colour: bool) -> None:
    """Print one notice and its cases.

    Parameters
    ----------
    console
        Where to; its width decides where lines break.
    colour
        Entities in colour, with the numbers of their cases raised behind them; else in the inline form of gold,
        ``[林某](OFFICIAL 1)``, and lines as they are.
    """
    for line in _heading(tagged):
        console.print(line, soft_wrap=True)
    body = _body(tagged, colour=colour)
    for paragraph in body.split("\n", allow_blank=True):
        for line in wrap(paragraph, console.width) if colour else [paragraph]:
            console.print(line, soft_wrap=True)
    if colour:
        legend = Text("  ").join(Text(f" {label} ", STYLES[label]) for label in LABELS)
        console.print(Text("\n").append_text(legend), soft_wrap=True)
    console.print(case_table(tagged) if tagged.cases else Text("\nno case\n"))


def drawing_console() -> Console:
    """Return a console that keeps what is printed, for `save_picture`, and shows nothing."""
    return Console(
        file=io.StringIO(), record=True, force_terminal=True, width=100, highlight=False, markup=False, emoji=False
    )


def save_picture(console: Console, path: Path) -> None:
    """Write what a console has kept as an SVG of system fonts, which needs nothing from elsewhere.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    picture = console.export_svg(title="tongbao show", theme=DEFAULT_TERMINAL_THEME)
    # Rich would load its fonts from the web, and press characters that are two columns wide into one.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = _SVG_TEXT.sub(_widened, picture)
    try:
        path.write_text(picture, "utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from None


def _widened(text: re.Match[str]) -> str:
    shown = unescape(text["shown"])
    width = float(text["width"]) * cell_len(shown) / len(shown)
    return f'textLength="{width:g}"{text["rest"]}>{text["shown"]}</text>'


def wrap(line: Text, width: int) -> list[Text]:
    """Break a line by the width of its characters, a Chinese one taking two columns; no mark begins a line."""
    breaks: list[int] = []
    used = 0
    for unit in _UNIT.finditer(line.plain):
        size = cell_len(unit.group())
        if used and used + size > width:
            breaks.append(unit.start())
            used = 0
        used += size
        if used > width:
            # Wider than a whole line, such as an address of a page.
            used = 0
            for place, character in enumerate(unit.group(), start=unit.start()):
                size = cell_len(character)
                if used and used + size > width:
                    breaks.append(place)
                    used = 0
                used += size
    return list(line.divide(breaks))


def case_table(tagged: TaggedNotice) -> Table:
    """Return a table of one row a case."""
    table = Table(box=box.SIMPLE_HEAD, show_lines=False)
    table.add_column("case", justify="right", no_wrap=True)
    for name in ("subject", "positions", "violations", "sanctions"):
        table.add_column(name, overflow="fold")
    table.add_column("date", no_wrap=True)
    for number, case in enumerate(tagged.cases, start=1):
        table.add_row(*map(Text, (str(number), *_cells(case, tagged))))
    return table


def _cells(case: Case, tagged: TaggedNotice) -> Iterator[str]:
    yield plain(case.official or case.subject)
    for indices in (case.positions, case.violations, case.sanctions):
        yield "\n".join(plain(text) for text in _texts(indices, tagged))
    yield plain(case.date or "")


def _texts(indices: Sequence[int], tagged: TaggedNotice) -> list[str]:
    found = [tagged.entities[index] for index in indices]
    # A post that is said twice is the same post.
    return list(dict.fromkeys(tagged.notice.text[entity.start : entity.end] for entity in found))


def _heading(tagged: TaggedNotice) -> Iterator[Text]:
    meta = tagged.notice.meta
    if meta.get("title"):
        yield Text(plain(meta["title"]), "bold")
    facts = (meta.get("date"), meta.get("publisher"), tagged.notice.source)
    known = [plain(fact) for fact in facts if fact]
    if known:
        yield Text(" · ".join(known), "dim")
    if meta.get("title") or known:
        yield Text("")


def _body(tagged: TaggedNotice, *, colour: bool) -> Text:
    text = tagged.notice.text
    body = Text()
    last = 0
    for entity in tagged.annotated().entities:
        body.append(_lines(text[last : entity.start]))
        body.append_text(_marked(_lines(text[entity.start : entity.end]), entity, colour=colour))
        last = entity.end
    return body.append(_lines(text[last:]))


def _marked(span: str, entity: Entity, *, colour: bool) -> Text:
    numbers = ",".join(map(str, entity.cases))
    if not colour:
        return Text(f"[{span}]({entity.label}{' ' if numbers else ''}{numbers})")
    return Text(span, STYLES.get(entity.label, "reverse")).append(numbers.translate(_RAISED), "bold")


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))
