"""Variants of gold notices with other names, for learning; every span is carried along exactly."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from spacy.util import registry

from ..corpus.notice import Entity, Notice
from ..pipeline import lexicon
from ..pipeline.normalize import HAN

# Names of the most frequent bearers; the rest of the list is drawn less often.
_FREQUENT = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭"
    "吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_MASK = re.compile(r"[某×*XＸ○]")
_PLAIN = re.compile(rf"[{HAN}]{{2,4}}")


@registry.augmenters("tongbao.swap_names.v1")  # type: ignore[untyped-decorator]
def create_swap_names(copies: int = 1, seed: int = 0, odd: float = 0.3) -> Callable[[Notice], Iterator[Notice]]:
    """Make an augmenter that gives every official another name.

    Parameters
    ----------
    copies
        Variants of each notice.
    seed
        Together with the notice's id it fixes the names.
    odd
        Share of given names made of any common characters, not of those usual in names.
    """

    def augment(notice: Notice) -> Iterator[Notice]:
        for copy in range(copies):
            rng = random.Random(zlib.crc32(f"{seed}/{copy}/{notice.id}".encode()))  # noqa: S311
            swapped = swap_names(notice, rng, odd=odd)
            if swapped is not None:
                yield swapped

    return augment


def swap_names(notice: Notice, rng: random.Random, *, odd: float = 0.3) -> Notice | None:
    """Replace each official's name by another wherever it stands; None when no name can be replaced.

    The surname of a masked name changes and its mask stays. A name that holds a line break, a foreign or a
    minority name stays as it is.
    """
    names = {notice.span_text(entity) for entity in notice.entities if entity.label == "OFFICIAL"}
    others: dict[str, str] = {}
    for name in sorted(names):
        other = _other(name, rng, odd)
        if other is not None and other not in notice.text and other not in others.values():
            others[name] = other
    if not others:
        return None
    pattern = re.compile("|".join(map(re.escape, sorted(others, key=len, reverse=True))))
    pieces: list[str] = []
    moves: list[tuple[int, int]] = []
    last = shift = 0
    for match in pattern.finditer(notice.text):
        other = others[match[0]]
        pieces += (notice.text[last : match.start()], other)
        last = match.end()
        shift += len(other) - len(match[0])
        moves.append((match.end(), shift))
    pieces.append(notice.text[last:])
    entities = tuple(
        Entity(_moved(entity.start, moves), _moved(entity.end, moves), entity.label, entity.cases)
        for entity in notice.entities
    )
    return Notice(f"{notice.id}+names", "".join(pieces), notice.meta, entities)


def _moved(place: int, moves: list[tuple[int, int]]) -> int:
    shift = 0
    for end, total in moves:
        if end > place:
            break
        shift = total
    return place + shift


def _other(name: str, rng: random.Random, odd: float) -> str | None:
    masked = _MASK.search(name)
    if masked is not None:
        return _surname(rng) + name[masked.start() :] if masked.start() in (1, 2) else None
    if not _PLAIN.fullmatch(name):
        return None
    surname = _surname(rng)
    length = 1 if rng.random() < 0.3 else 2
    letters = _common() if rng.random() < odd else _given()
    return surname + "".join(rng.choice(letters) for _ in range(length))


def _surname(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.45:
        return rng.choice(_FREQUENT)
    if draw < 0.95:
        return rng.choice(_surnames())
    return rng.choice(lexicon.words("surname")[-200:])


@cache
def _surnames() -> list[str]:
    return sorted(lexicon.characters("surname"))


@cache
def _given() -> list[str]:
    return sorted(lexicon.characters("given"))


@cache
def _common() -> list[str]:
    """Return characters that are words or parts of words everywhere, so that names made of them are learned too."""
    letters = {
        letter
        for name in ("post", "body", "place", "blame", "measure")
        for word in lexicon.words(name)
        for letter in word
    }
    return sorted(letters | lexicon.characters("given"))
