"""An archive of many parts, a model of rules for it, and runs over it that can be killed amid their work."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy

RECORDS = 4_000
TEXT = "经查，镇长林某公车私用，受到党内警告处分；网格员周某受到诫勉谈话。此后当地开展了专项整治，并通报了有关情况。"
WORDS = {"林某": "OFFICIAL", "周某": "OFFICIAL", "镇长": "POSITION", "公车私用": "VIOLATION", "诫勉谈话": "SANCTION"}
BROKEN_LINES = (100, 3_500)


def make_model(folder: Path) -> None:
    """Write the model."""
    nlp = spacy.blank("zh", meta={"name": "rules"})
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": word} for word, label in WORDS.items()])  # type: ignore[attr-defined]
    nlp.add_pipe("tongbao.cases", name="cases")
    nlp.to_disk(folder / "model")


def make(folder: Path) -> None:
    """Write the model, the archive, and what comes of it when nothing happens."""
    make_model(folder)
    lines = [json.dumps({"id": f"n{number}", "text": f"第{number}号。{TEXT}"}) for number in range(RECORDS)]
    for number in BROKEN_LINES:
        lines.insert(number, "{broken")
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = subprocess.run(command(folder, folder / "whole.jsonl"), check=False)
    assert result.returncode == 1


def command(made: Path, out: Path | str, *options: object) -> list[str]:
    arguments = ["tag", made / "in.jsonl", "--model", made / "model", "--output", out, *options]
    return [sys.executable, "-m", "tongbao", *map(str, arguments)]


def begun(made: Path, out: Path | str, *options: object) -> subprocess.Popen[str]:
    """Start a run and wait until it has done some parts."""
    run = subprocess.Popen(
        command(made, out, *options), stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    manifest = Path(f"{out}_manifest.jsonl" if str(out).endswith("/") else f"{out}.parts/_manifest.jsonl")
    n_before = n_lines(manifest)
    wait_until(lambda: n_lines(manifest) >= n_before + 3 or run.poll() is not None)
    assert run.poll() is None, run.communicate()
    return run


def n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def children(process: int) -> Iterator[int]:
    for name in Path(f"/proc/{process}/task").iterdir():
        yield from map(int, (name / "children").read_text().split())


def is_running(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def assert_whole(made: Path, out: Path | str) -> None:
    for name in ("", ".rejected.jsonl"):
        assert Path(f"{out}{name}").read_bytes() == (made / f"whole.jsonl{name}").read_bytes()
    assert not Path(f"{out}.parts").exists()
