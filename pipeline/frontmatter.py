"""Front matter: what a YAML or TOML block at the head of a file says of the text below it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from .dates import iso_date

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FENCE = re.compile(r"(?:[ \t\ufeff]*\n)*(---|\+\+\+)[ \t]*\n")
_TOML_END = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY_LINE = re.compile(r"\s*(?:#.*|[\"']?[\w\u4e00-\u9fff -]{1,40}[\"']?\s*[:：=].*)?")
_LOOSE = re.compile(r"^[\"']?([\w\u4e00-\u9fff -]{1,40}?)[\"']?\s*[:：=]\s*(.*?)\s*$", re.MULTILINE)
_LONGEST = 1 << 16
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_KEYS = {
    "id": ("id", "uuid", "guid", "编号"),
    "title": ("title", "headline", "标题", "標題"),
    "date": (
        *("date", "published", "pubdate", "publish_date", "published_at"),
        *("发布时间", "发布日期", "日期", "时间", "發佈時間", "發布時間"),
    ),
    "publisher": (
        *("publisher", "发布单位", "发布机构", "来源", "來源"),
        *("source", "site", "sitename", "author", "authors", "作者"),
    ),
    "source": ("url", "link", "permalink", "source_url", "source", "网址"),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A block of front matter.

    Parameters
    ----------
    meta
        The keys ``id``, ``title``, ``date`` (ISO 8601), ``publisher``, ``source`` (an address), if known.
    end
        Where the text below begins, in code points from 0.
    problem
        What is wrong with a block that cannot be loaded; then ``meta`` holds what its lines show.
    """

    meta: Mapping[str, str]
    end: int
    problem: str | None = None


def find_front_matter(text: str) -> FrontMatter | None:
    """Find the front matter at the head of a text, blank lines before it allowed; None where there is none.

    Only plain values are loaded, never objects. Lines end with a line feed alone.
    """
    fence = _FENCE.match(text)
    if fence is None:
        return None
    head = text[fence.end() : fence.end() + _LONGEST]
    first = head.lstrip("\n").partition("\n")[0]
    if not first.strip() or _KEY_LINE.fullmatch(first) is None:
        return None
    closing = (_TOML_END if fence[1] == "+++" else _YAML_END).search(head)
    if closing is None:
        length = _length_of_key_lines(head)
        if length == 0:
            return None
        meta = known_meta(_loose(head[:length]))
        return FrontMatter(meta, fence.end() + length, "its closing fence is missing")
    block = head[: closing.start()]
    end = fence.end() + closing.end()
    try:
        # BaseLoader leaves every value a text: no objects, and an id 007 stays 007.
        loaded: object = tomllib.loads(block) if fence[1] == "+++" else yaml.load(block, yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        return FrontMatter(known_meta(_loose(block)), end, problem or type(error).__name__)
    if not isinstance(loaded, dict):
        return FrontMatter(known_meta(_loose(block)), end, "it is no list of keys with values")
    return FrontMatter(known_meta(loaded), end)


def known_meta(fields: Mapping[str, object]) -> dict[str, str]:
    """Pick from any keys those a notice knows, as text, dates as ISO 8601.

    The first key that has a value counts, in the order publisher, source, site, author; an address
    under ``source`` is where the notice comes from, not who published it.
    """
    values = {str(key).strip().lower(): _text(value) for key, value in fields.items()}
    meta: dict[str, str] = {}
    for name, keys in _KEYS.items():
        for key in keys:
            value = values.get(key, "")
            if name == "date":
                value = iso_date(value) or ""
            wanted = name in ("id", "title", "date") or (name == "source") == bool(_ADDRESS.fullmatch(value))
            if value and wanted:
                meta[name] = value
                break
    return meta


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(" ".join(str(item)[:200].split()) for item in value[:20] if isinstance(item, str))
    if isinstance(value, dict):
        name = value.get("name")
        return name if isinstance(name, str) else ""
    return "" if value is None else " ".join(str(value)[:1000].split())


def _loose(block: str) -> dict[str, object]:
    return {key: value.strip("\"'") for key, value in _LOOSE.findall(block)}


def _length_of_key_lines(head: str) -> int:
    """Measure the run of ``key: value`` lines, list items and comments up to the first empty line."""
    length = 0
    for line in _lines(head):
        if not line.strip() or not (_KEY_LINE.fullmatch(line.rstrip("\n")) or line.lstrip().startswith("- ")):
            break
        length += len(line)
    return length


def _lines(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end
