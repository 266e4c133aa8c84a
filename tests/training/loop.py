"""Shows the annotation loop on a local doccano server: push, correct as an annotator would, pull, compare.

The notices are the corpus's own, and the annotator restores their gold. With ``--retrain`` the first model learns
from a part of the corpus alone, and a second one from that part and what was pulled; both are scored on the held-out
notices.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local_doccano import ROOT, Annotator, LocalDoccano
from tongbao.corpus.agreement import agreement
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.corpus.links import links
from tongbao.corpus.notice import Entity, Notice

PROJECT = "loop"
PUSHED, CORRECTED = 20, 15
BASE, POOL = 6, 3
"""The first model learns from each notice of so many; the notices to push are taken from each of so many others."""


def main() -> None:
    retrain = "--retrain" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        base, pool = copied(here / "base", 0, BASE), copied(here / "pool", 1, POOL)
        model = trained("before", base) if retrain else None
        (here / "server").mkdir()
        with LocalDoccano(here / "server") as server:
            given = {**server.environment, "XDG_CACHE_HOME": str(ROOT / ".venv" / "cache")}
            by = () if model is None else ("--model", str(model))
            push = ("annotate", "push", str(pool), "--project", PROJECT, "--limit", str(PUSHED), *by)
            tongbao(*push, **given)
            tongbao("annotate", "status", "--project", PROJECT, **given)
            correct(server)
            tongbao("annotate", "status", "--project", PROJECT, **given)
            tongbao("annotate", "pull", "--project", PROJECT, "--to", str(here / "pulled"), **given)
        compare(here / "pulled")
        if model is not None:
            for file in (here / "pulled").glob("*.md"):
                shutil.copy(file, base)
            before, after = score(model), score(trained("after", base))
            show(f"strict F on the held-out notices: {before:.4f} before, {after:.4f} after")


def copied(folder: Path, first: int, step: int) -> Path:
    """Copy each so many-th notice of the corpus into a folder; the pool leaves out those of the base."""
    folder.mkdir()
    for number, file in enumerate(sorted(TRAIN.glob("*.md"))):
        if number % step == first:
            shutil.copy(file, folder)
    return folder


def correct(server: LocalDoccano) -> None:
    """Restore gold in the first notices of the project, and confirm them."""
    annotator = Annotator(server.url, server.user, server.password, PROJECT)
    gold = {notice.id: notice for notice in read_gold(TRAIN)}
    spans = relations = 0
    for example in annotator.examples()[:CORRECTED]:
        notice = gold[example["meta"]["id"]]
        assert example["text"] == notice.text
        spans += restore_spans(annotator, example["id"], notice)
        relations += restore_links(annotator, example["id"], notice)
        annotator.confirm(example["id"])
    show(f"annotator: {CORRECTED} notices confirmed, {spans} spans and {relations} relations added or taken off")


def restore_spans(annotator: Annotator, example: int, notice: Notice) -> int:
    wanted = {place(notice, entity) for entity in notice.entities}
    names = {number: label for label, number in annotator.labels.items()}
    there = {
        (span["start_offset"], span["end_offset"], names[span["label"]]): span["id"]
        for span in annotator.spans(example)
    }
    for span in there.keys() - wanted:
        annotator.unmark(example, there[span])
    for start, end, label in wanted - there.keys():
        annotator.mark(example, start, end, label)
    return len(wanted ^ there.keys())


def restore_links(annotator: Annotator, example: int, notice: Notice) -> int:
    number = {(span["start_offset"], span["end_offset"]): span["id"] for span in annotator.spans(example)}
    ids = [number[place(notice, entity)[:2]] for entity in notice.entities]
    wanted = {(ids[member], ids[head]) for member, head in links(notice.entities)}
    there = {(each["from_id"], each["to_id"]): each["id"] for each in annotator.relations(example)}
    for link in there.keys() - wanted:
        annotator.unlink(example, there[link])
    for member, head in wanted - there.keys():
        annotator.link(example, member, head)
    return len(wanted ^ there.keys())


def place(notice: Notice, entity: Entity) -> tuple[int, int, str]:
    """Return start and end as the pages count them, in UTF-16, and the label."""
    start, end = (len(notice.text[:offset].encode("utf-16-le")) // 2 for offset in (entity.start, entity.end))
    return start, end, entity.label


def compare(folder: Path) -> None:
    """Say how far the pulled notices agree with the gold that the annotator had in mind."""
    found = agreement(read_gold(TRAIN), read_gold(folder))
    show(f"pulled against gold: spans F {found.micro.f1:.4f} ({found.micro.a}), cases F {found.cases.f1:.4f}")


def trained(name: str, notices: Path) -> Path:
    output: Path = ROOT / "build" / "loop" / name
    shutil.rmtree(output, ignore_errors=True)
    paths = ("--paths.train", str(notices), "--paths.dev", str(notices), "--corpora.train.part", "all")
    tongbao("train", "--output", str(output), *paths)
    return output / "model-last"


def score(model: Path) -> float:
    out = model.parent / "figures.json"
    tongbao("evaluate", str(model), str(HELDOUT), "--n-boot", "0", "--json", str(out), quiet=True)
    figures: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return float(figures["spans"]["strict"]["micro"]["f1"])


def tongbao(*arguments: str, quiet: bool = False, **environment: str) -> None:
    """Run a command as a user would, and show it."""
    show(f"$ tongbao {' '.join(arguments)}")
    command: Sequence[str] = (sys.executable, "-m", "tongbao", *arguments)
    output = subprocess.DEVNULL if quiet else None
    subprocess.run(command, env={**os.environ, **environment}, stdout=output, check=True)


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
