"""What a block at the head of a file says, and where the text below it begins."""

from __future__ import annotations

import pytest
from tongbao.pipeline.frontmatter import find_front_matter, known_meta

YAML = """\

---
title: '北渡县通报三起问题'
author: 某站
date: Fri, 20 Aug 2021 14:56:47 GMT
tags:
 - 一
---

正文。
"""
TOML = '+++\ntitle = "北渡县通报"\ndate = 2021-08-20\nid = "n1"\n+++\n正文。\n'


def test_yaml() -> None:
    found = find_front_matter(YAML)
    assert found is not None
    assert found.meta == {"title": "北渡县通报三起问题", "date": "2021-08-20", "publisher": "某站"}
    assert YAML[found.end :] == "\n正文。\n"
    assert found.problem is None


def test_toml() -> None:
    found = find_front_matter(TOML)
    assert found is not None
    assert found.meta == {"id": "n1", "title": "北渡县通报", "date": "2021-08-20"}
    assert TOML[found.end :] == "正文。\n"


@pytest.mark.parametrize(
    ("text", "meta", "body"),
    [
        (
            "---\nid: n1\n栏目：曝光台\n发布单位：某纪委\n---\n正文",
            {"id": "n1", "publisher": "某纪委"},
            "正文",
        ),
        ("---\ntitle: [甲\ndate: 2021-08-20\n---\n正文", {"title": "[甲", "date": "2021-08-20"}, "正文"),
        ('+++\ntitle = "甲\n+++\n正文', {"title": "甲"}, "正文"),
        ("---\ntitle: 甲\ndate: 2021-08-20\n\n正文", {"title": "甲", "date": "2021-08-20"}, "\n正文"),
    ],
)
def test_broken_front_matter_is_read_line_by_line(text: str, meta: dict[str, str], body: str) -> None:
    found = find_front_matter(text)
    assert found is not None
    assert found.problem
    assert dict(found.meta) == meta
    assert text[found.end :] == body


@pytest.mark.parametrize(
    "text", ["正文。", "---\n\n正文。\n---\n", "---\n一段话，没有键。\n---\n", "----\ntitle: 甲\n---\n", ""]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert find_front_matter(text) is None


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]",
        "title: &x [*x]",
        "title: !!python/object/apply:os.getcwd []",
    ],
)
def test_nothing_is_expanded_or_run(block: str) -> None:
    found = find_front_matter(f"---\n{block}\n---\n正文")
    assert found is not None
    assert found.meta.get("title") in (None, "&x [*x]")


@pytest.mark.parametrize(
    ("fields", "meta"),
    [
        ({"source": "某报", "author": "某甲"}, {"publisher": "某报"}),
        (
            {"source": "https://example.org/1", "author": "某甲"},
            {"publisher": "某甲", "source": "https://example.org/1"},
        ),
        (
            {"url": "https://example.org/1", "ID": 7, "title": None, "date": "不详"},
            {"id": "7", "source": "https://example.org/1"},
        ),
        ({"author": {"name": "某甲"}}, {"publisher": "某甲"}),
        ({"authors": ["某甲", "某乙"]}, {"publisher": "某甲、某乙"}),
    ],
)
def test_keys(fields: dict[str, object], meta: dict[str, str]) -> None:
    assert known_meta(fields) == meta
