"""Addresses of stores: walked like folders, read like files, refused when there is nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import fsspec
import pytest
from tongbao.corpus.errors import InputError
from tongbao.pipeline.plan import plan
from tongbao.pipeline.reading import read
from tongbao.pipeline.sources import find_sources


@pytest.fixture(autouse=True)
def bucket() -> Iterator[Any]:
    """A store in memory, as fsspec keeps one."""
    store = fsspec.filesystem("memory")
    for name in ("b.txt", "a/2.txt", "a/1.txt", ".hidden/x.txt"):
        store.pipe_file(f"/bucket/{name}", f"林某{name}".encode())
    lines = [json.dumps({"text": f"第{number}号"}) for number in range(3)]
    store.pipe_file("/bucket/many.jsonl", "\n".join(lines).encode())
    yield store
    store.rm("/bucket", recursive=True)


def test_folders_patterns_and_files_in_order() -> None:
    assert [source.name for source in find_sources(("memory://bucket", "memory://bucket/a/*.txt"))] == [
        "memory:///bucket/b.txt",
        "memory:///bucket/many.jsonl",
        "memory:///bucket/a/1.txt",
        "memory:///bucket/a/2.txt",
        "memory:///bucket/a/1.txt",
        "memory:///bucket/a/2.txt",
    ]


def test_read() -> None:
    notices = list(read("memory://bucket"))
    assert [notice.text for notice in notices] == [
        "林某b.txt", "第0号", "第1号", "第2号", "林某a/1.txt", "林某a/2.txt",
    ]  # fmt: skip
    assert notices[0].source == "memory:///bucket/b.txt"


def test_the_digest_tells_what_has_changed(bucket: Any) -> None:
    def digest() -> str:
        (task,) = plan(find_sources(("memory://bucket",)))
        return task.digest

    before = digest()
    assert digest() == before
    bucket.pipe_file("/bucket/b.txt", "周某b.txt".encode())
    assert digest() != before


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("memory://bucket/none", "no such file or folder: check the address"),
        ("memory://bucket/*.md", "no such file or folder: check the address"),
        ("https://example.org/a", "an address of the web, not a file: save the page"),
        ("nonsense://a", "no store of this kind"),
    ],
)
def test_what_is_not_there_is_said_at_once(address: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_sources((address,))
    assert caught.value.where == address
