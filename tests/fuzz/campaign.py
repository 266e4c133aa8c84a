"""Fuzzes with atheris, guided by coverage: python tests/fuzz/campaign.py SECONDS FOLDER [TARGET].

Without a target, one after the other, so many seconds each. FOLDER keeps the inputs that reached something new, and
those that fail, as TARGET-crash-….
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tongbao"]):
    from targets import TARGETS, seeds


def fuzz(name: str, seconds: str, folder: Path) -> None:
    """Fuzz one target; the process ends here, with status 0 when nothing failed until the time was over."""
    inputs = folder / name.replace(" ", "-")
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (inputs / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=60", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], str(inputs), *options, f"-artifact_prefix={inputs}-"], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Fuzz the target that is named, or all in processes of their own."""
    seconds, folder, *names = sys.argv[1:]
    if names:
        fuzz(names[0], seconds, Path(folder))
    failed = []
    for name in TARGETS:
        done = subprocess.run([sys.executable, __file__, seconds, folder, name], capture_output=True, check=False)
        runs = done.stderr.decode("utf-8", "replace").rsplit("\nDone ", 1)[-1].partition(" ")[0]
        sys.stdout.write(f"{name}: {'failed' if done.returncode else f'{runs} inputs, no failure'}\n")
        sys.stdout.flush()
        if done.returncode:
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
