"""What a gold folder covers, and the table of it in the corpus's README."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import InputError
from .foreign import labels_of
from .notice import Notice
from .rules import NOISE
from .traits import CASES, LENGTHS, bucket, era, name_kind, noise, provinces, script

BEGIN = "<!-- tongbao corpus stats: begin -->"
END = "<!-- tongbao corpus stats: end -->"
_FORMS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class CorpusStats:
    """Counts of a gold folder; the mappings go from a kind to the number of notices, unless said otherwise.

    Parameters
    ----------
    notices, characters
        Notices, and characters of their texts without white space.
    spans
        Label → spans.
    cases
        Subjects held to account.
    lengths
        Characters without white space.
    cases_per_notice
        Number of cases.
    forms
        First word of the header's ``form``.
    eras
        The years that the last year of the text falls in.
    scripts
        Traditional or simplified.
    noise
        A notice may have several kinds, or none.
    provinces
        Real provinces; a notice may name several, or none.
    names
        Kind of name → officials, each counted once a notice.
    """

    notices: int
    characters: int
    spans: Mapping[str, int]
    cases: int
    lengths: Mapping[str, int]
    cases_per_notice: Mapping[str, int]
    forms: Mapping[str, int]
    eras: Mapping[str, int]
    scripts: Mapping[str, int]
    noise: Mapping[str, int]
    provinces: Mapping[str, int]
    names: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return the counts as plain values, for JSON."""
        return asdict(self)

    def tables(self) -> dict[str, dict[str, int]]:
        """Return the counts as tables: title → kind → number."""
        totals = {"notices": self.notices, "characters": self.characters, "cases": self.cases}
        shown = dict(list(self.forms.items())[:_FORMS_SHOWN])
        rest = list(self.forms.items())[_FORMS_SHOWN:]
        if rest:
            shown[f"{len(rest)} other forms"] = sum(count for _, count in rest)
        return {
            "In all": {**totals, **{f"{label} spans": self.spans[label] for label in self.spans}},
            "Characters in a notice": dict(self.lengths),
            "Cases in a notice": dict(self.cases_per_notice),
            "Forms": shown,
            "Last year in the text": dict(self.eras),
            "Script": dict(self.scripts),
            "Noise": dict(self.noise),
            "Real provinces named": dict(self.provinces),
            "Names of officials": dict(self.names),
        }

    def as_markdown(self) -> str:
        """Return the coverage table, one row a title."""
        lines = ["| | |", "| --- | --- |"]
        for title, counts in self.tables().items():
            lines.append(f"| {title} | {'; '.join(f'{kind}: {count:,}' for kind, count in counts.items())} |")
        return "\n".join(lines)


def stats(notices: Iterable[Notice]) -> CorpusStats:
    """Count what notices cover."""
    gold = list(notices)
    texts = [notice.text for notice in gold]
    lengths = [sum(not character.isspace() for character in text) for text in texts]
    cases = [len({number for entity in notice.entities for number in entity.cases}) for notice in gold]
    spans = Counter(entity.label for notice in gold for entity in notice.entities)
    names = {
        (notice.id, NOISE.sub("", notice.span_text(entity)))
        for notice in gold
        for entity in notice.entities
        if entity.label == "OFFICIAL"
    }
    return CorpusStats(
        notices=len(gold),
        characters=sum(lengths),
        spans={label: spans[label] for label in labels_of(gold)},
        cases=sum(cases),
        lengths=_in_order(bucket(length, LENGTHS) for length in sorted(lengths)),
        cases_per_notice=_in_order(bucket(number, CASES) for number in sorted(cases)),
        forms=_by_count(notice.meta.get("form", "none").partition("-")[0] for notice in gold),
        eras=_in_order(sorted(map(era, texts), key=lambda name: (name == "no year", not name.startswith("b"), name))),
        scripts=_by_count(map(script, texts)),
        noise=_by_count(kind for text in texts for kind in noise(text)),
        provinces=_by_count(province for text in texts for province in provinces(text)),
        names=_by_count(name_kind(name) for _, name in names),
    )


def write_table(readme: Path, counted: CorpusStats) -> bool:
    """Put the coverage table between the marks of a README; say whether the file changed.

    Raises
    ------
    InputError
        When the file cannot be read, or the marks `BEGIN` and `END` do not stand in it once each, in this order.
    """
    try:
        content = readme.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(readme)) from None
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after or END in before + after:
        raise InputError(f"needs the lines {BEGIN} and {END} once each, for the table between", where=str(readme))
    fresh = f"{before}{BEGIN}\n{counted.as_markdown()}\n{END}{after}"
    if fresh == content:
        return False
    readme.write_bytes(fresh.encode("utf-8"))
    return True


def _in_order(kinds: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kinds))


def _by_count(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0])))
