"""Holds a load: archives of so many megabytes, tagged by two processes; nothing may be lost, and memory stays flat.

python tests/load/hold.py FOLDER MEGABYTES... [--page docs/reliability.md]

FOLDER takes archive and output, some twelve times the megabytes, and is emptied again. --page puts the table into a
page, between its marks. Exit status 1: something was lost, or memory grew.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread

import psutil
from tongbao.corpus.folder import TRAIN, read_gold
from tongbao.corpus.notice import Notice
from tongbao.training.augment import swap_names

MEGABYTE = 1_000_000
# One notice in ten is a file of its own, and one line in a thousand of the others is broken.
IN_FILES, BROKEN = 10, 1_000
FILE_BYTES = 4 * MEGABYTE
# What memory may grow by: from the second fifth of a run to its last, and from the smallest archive to the largest.
GROWTH = 1.15
MARKS = ("<!-- load: begin -->\n", "<!-- load: end -->\n")
HEADER = (
    "| MB | notices | set aside | lost, doubled or moved | seconds | peak MiB, all | of a worker | growth in the run |"
)


@dataclass(frozen=True, slots=True)
class Archive:
    """How many notices lie in lines and in files of their own, and how many lines are broken."""

    in_lines: int
    in_files: int
    broken: int

    def ids(self) -> Iterator[str]:
        """Yield the ids of the notices in the order of the archive."""
        return chain(map(line_id, range(self.in_lines)), map(file_id, range(self.in_files)))


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident memory at one time, in MiB: of the first process, of the largest worker, of all."""

    first: float
    worker: float
    total: float


@dataclass(frozen=True, slots=True)
class Held:
    """A run over an archive of so many megabytes: what became of it."""

    megabytes: float
    archive: Archive
    wrong: int
    set_aside: int
    seconds: float
    samples: Sequence[Sample]

    @property
    def peak(self) -> float:
        """The most memory that all processes had together, in MiB."""
        return max(sample.total for sample in self.samples)

    @property
    def growth(self) -> float:
        """How many times as much memory the first process, or the largest worker, has in the end."""
        at_work = [sample for sample in self.samples if sample.worker]
        return max(grown([sample.first for sample in at_work]), grown([sample.worker for sample in at_work]))

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost and memory did not grow."""
        return not self.wrong and self.set_aside == self.archive.broken and self.growth <= GROWTH

    def row(self) -> str:
        """Return a row of the table."""
        worker = max(sample.worker for sample in self.samples)
        notices = self.archive.in_lines + self.archive.in_files
        return (
            f"| {self.megabytes:g} | {notices:,} | {self.set_aside:,} of {self.archive.broken:,} | {self.wrong} | "
            f"{self.seconds:,.0f} | {self.peak:,.0f} | {worker:,.0f} | {self.growth:.2f} |"
        )


def line_id(number: int) -> str:
    return f"line-{number:08}"


def file_id(number: int) -> str:
    return f"file-{number:08}"


def variants(notices: Sequence[Notice]) -> Iterator[str]:
    """Yield texts without end: those of gold with other names of officials and other sums of money."""
    rng = random.Random(0)
    while True:
        for notice in notices:
            text = (swap_names(notice, rng) or notice).text
            yield re.sub(r"[1-9](?=\d*\.?\d*万?元)", lambda _: str(rng.randint(1, 9)), text)


def write_archive(folder: Path, size: float) -> Archive:
    """Write an archive of about ``size`` bytes: JSON lines in files of some megabytes, and files of one notice each."""
    for name in ("lines", "files"):
        (folder / name).mkdir(parents=True)
    in_lines = in_files = broken = written = 0
    for text in variants(read_gold(TRAIN)):
        if written >= size:
            break
        number = in_lines + in_files
        if number % IN_FILES == 0:
            data = f"---\nid: {file_id(in_files)}\n---\n\n{text}\n".encode()
            (folder / "files" / f"{in_files:08}.md").write_bytes(data)
            in_files += 1
        else:
            data = json.dumps({"id": line_id(in_lines), "text": text}, ensure_ascii=False).encode() + b"\n"
            in_lines += 1
            if number % BROKEN == 1:
                data += b'{"id": "broken\n'
                broken += 1
            with (folder / "lines" / f"{written // FILE_BYTES:05}.jsonl").open("ab") as lines:
                lines.write(data)
        written += len(data)
    return Archive(in_lines, in_files, broken)


def count_wrong(output: Path, archive: Archive) -> int:
    """Count the records that are lost, doubled, or not at their place."""
    with output.open(encoding="utf-8") as lines:
        found = (json.loads(line)["id"] for line in lines)
        return sum(one != other for one, other in zip_longest(found, archive.ids()))


def grown(values: Sequence[float]) -> float:
    """Return the median of the last fifth beside that of the second; the first fifth is spent with loading."""
    fifth = len(values) // 5
    return median(values[-fifth:]) / median(values[fifth : 2 * fifth]) if fifth else 1.0


def watched(process: subprocess.Popen[bytes]) -> list[Sample]:
    """Wait for a run and sample the memory of its processes meanwhile."""
    samples: list[Sample] = []
    over = Event()

    def watch() -> None:
        first = psutil.Process(process.pid)
        while not over.wait(0.5):
            try:
                own = mebibytes(first)
                workers = [mebibytes(child) for child in first.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            samples.append(Sample(own, max(workers, default=0.0), own + sum(workers)))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        process.wait()
    finally:
        over.set()
        watcher.join()
    return samples


def mebibytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / (1 << 20)


def hold(megabytes: float, parent: Path) -> Held:
    """Make an archive, tag it, and see what became of it."""
    with TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        archive = write_archive(folder / "archive", megabytes * MEGABYTE)
        output = folder / "out.jsonl"
        inputs = (str(folder / "archive" / "lines"), str(folder / "archive" / "files"))
        command = [sys.executable, "-m", "tongbao", "tag", *inputs, "--output", str(output)]
        started = time.perf_counter()
        run = subprocess.Popen(
            [*command, "--engine", "process", "--workers", "2"],
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        samples = watched(run)
        seconds = time.perf_counter() - started
        if run.returncode not in (0, 1):
            sys.exit(f"tongbao tag ends with {run.returncode}")
        rejected = Path(f"{output}.rejected.jsonl")
        set_aside = rejected.read_bytes().count(b"\n") if rejected.exists() else 0
        return Held(megabytes, archive, count_wrong(output, archive), set_aside, seconds, samples)


def put_into(page: Path, table: str) -> None:
    """Put a table between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not end:
        sys.exit(f"{page}: has not the marks {' and '.join(map(str.strip, MARKS))}")
    page.write_text(f"{before}{MARKS[0]}{table}{end}{after}", "utf-8")


def main() -> int:
    """Hold the load of each size, and tell what became of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("megabytes", type=float, nargs="+")
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    lines = [HEADER, f"|{' ---: |' * HEADER.count(' | ')} ---: |"]
    held: list[Held] = []
    for megabytes in sorted(asked.megabytes):
        held.append(hold(megabytes, asked.folder))
        lines.append(held[-1].row())
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    if asked.page is not None:
        put_into(asked.page, "\n".join(lines) + "\n")
    is_flat = held[-1].peak <= GROWTH * held[0].peak
    return 0 if is_flat and all(each.is_sound for each in held) else 1


if __name__ == "__main__":
    sys.exit(main())
