"""Documents that would have their reader fetch, run or unfold something: only their text is read."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from tongbao import read

TEXT = "给予林某党内警告处分。"
ENTITIES = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
ALIASES = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
DOCUMENTS = {
    "addresses.html": (
        '<html><head><link rel="stylesheet" href="http://192.0.2.1/x.css"><script src="//192.0.2.1/x.js"></script>'
        '<meta http-equiv="refresh" content="0;url=http://192.0.2.1/"><base href="http://192.0.2.1/"></head>'
        f'<body><iframe src="http://192.0.2.1/"></iframe><p>{TEXT}</p><img src="http://192.0.2.1/x.png"></body></html>'
    ),
    "entities.html": f'<!DOCTYPE html [<!ENTITY a0 "x">{ENTITIES}]><html><body><p>{TEXT}</p>&a11;</body></html>',
    "external.html": (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y SYSTEM "http://192.0.2.1/">]>'
        f"<html><body><p>{TEXT}</p>&x;&y;</body></html>"
    ),
    "aliases.md": f"---\n{ALIASES}title: *a11\n---\n{TEXT}\n",
    "objects.md": f'---\ntitle: !!python/object/apply:os.mkdir ["PLACE"]\n---\n{TEXT}\n',
    "remote.md": f"---\nurl: http://192.0.2.1/notice\n---\n![]( http://192.0.2.1/x.png)\n\n{TEXT}\n",
    "number.jsonl": json.dumps({"text": TEXT}) + "\n" + '{"text": "x", "id": ' + "1" * 5000 + "}\n" + "[" * 100_000,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_the_text_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        pytest.fail("something is fetched")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    path, place = tmp_path / name, tmp_path / "made"
    path.write_text(DOCUMENTS[name].replace("PLACE", str(place)), "utf-8")
    (notice,) = read(path, on_reject=lambda _: None)
    assert TEXT in notice.text
    assert len(notice.text) < 100
    assert sum(map(len, notice.meta.values())) < 2000
    assert not place.exists()
