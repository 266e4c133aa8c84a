"""What is fuzzed: every reader of foreign bytes, which may only read them or say in one of our errors why not."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from pyarrow import Table, parquet
from tongbao import read
from tongbao.corpus.columns import read_columns, write_columns
from tongbao.corpus.docbin import read_docbin, write_docbin
from tongbao.corpus.doccano import read_doccano, write_doccano
from tongbao.corpus.errors import TongbaoError
from tongbao.corpus.foreign import read_foreign
from tongbao.corpus.inline import format_notice, parse, read_notice
from tongbao.corpus.label_studio import read_label_studio, write_label_studio
from tongbao.corpus.notice import Notice
from tongbao.pipeline import kinds
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.crf_file import from_bytes

GOLD = (
    "# id: a_1\n# form: brief\n\n[青石镇镇长](POSITION 1)[林一舟](OFFICIAL 1)[公車私用](VIOLATION 1)，"
    "受到[党内警告处分](SANCTION 1)。😀"
)
PAGE = (
    "---\ntitle: 通报\ndate: 2021-08-20\n---\n<html><head><meta charset='utf-8'><title>通报</title></head><body>"
    "<div class='nav'><a href='/'>首页</a></div><table><tr><td>镇长</td><td>林某</td></tr></table>"
    "<p>镇长林&nbsp;某公車私用，監(jiān)督\n不力，受到<b>党内警告</b>处分。</p>"
    "<!-- x --><script>1</script></body></html>"
)


def _reads(suffix: str) -> Callable[[bytes], None]:
    """Read a file of an ending as `tongbao.read` does; what it sets aside is no crash."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(data)
            for notice in read(path, on_reject=lambda _: None):
                _check(notice)

    return run


def _opens(reader: Callable[[Path], object], suffix: str) -> Callable[[bytes], None]:
    """Read a file of gold; our errors are what it may raise."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(data)
            try:
                reader(path)
            except TongbaoError:
                return

    return run


def _loads(loader: Callable[..., object]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            loader(data, where="a")
        except TongbaoError:
            return

    return run


def _check(notice: Notice) -> None:
    """Check that offsets lead back to where each character stands in the source."""
    if notice.offsets is not None and notice.text:
        start, end = notice.offsets.source_span(0, len(notice.text))
        assert 0 <= start < end


def round_trip(data: bytes) -> None:
    """Read an inline notice, write it and read it again."""
    try:
        notice = parse(data.decode("utf-8", "replace"))
    except TongbaoError:
        return
    assert parse(format_notice(notice)) == notice


def cases(data: bytes) -> None:
    """Assemble the cases of a notice whose entities stand anywhere."""
    try:
        notice = parse(data.decode("utf-8", "replace"))
    except TongbaoError:
        return
    assemble_spans(notice.text, [(entity.start, entity.end, entity.label) for entity in notice.entities])


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{f"read {suffix}": _reads(suffix) for suffix in (".txt", ".html", ".md", ".jsonl", ".json", ".csv", ".parquet")},
    "inline": round_trip,
    "cases": cases,
    "inline file": _opens(read_notice, ".md"),
    "doccano": _opens(read_doccano, ".jsonl"),
    "doccano zip": _opens(read_doccano, ".zip"),
    "label studio": _opens(read_label_studio, ".json"),
    "docbin": _opens(read_docbin, ".spacy"),
    "columns": _opens(read_columns, ".iob"),
    "foreign": _opens(read_foreign, ".char.bmes"),
    "weights": _loads(from_bytes),
    "kinds": _loads(kinds.from_bytes),
}


def seeds() -> list[bytes]:
    """Make something of every format, for mutations to begin with."""
    notice = parse(GOLD)
    found = [GOLD.encode(), PAGE.encode(), PAGE.encode("gb18030"), PAGE.encode("utf-16"), PAGE.encode("big5", "ignore")]
    found.append((json.dumps({"id": 1, "text": PAGE}) + "\n").encode() * 2)
    found.append('id,text\n1,"林某受到""警告"""\n'.encode())
    found.append(json.dumps([{"text": "林某受到警告。"}]).encode())
    stream = io.BytesIO()
    parquet.write_table(Table.from_pylist([{"text": "林某受到警告。", "id": "1"}]), stream)
    found.append(stream.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (
            ("a.spacy", write_docbin),
            ("a.jsonl", write_doccano),
            ("a.json", write_label_studio),
        ):
            write([notice], Path(folder) / name)
            found.append((Path(folder) / name).read_bytes())
        write_columns([notice], Path(folder) / "a.iob", scheme="bio")
        found.append((Path(folder) / "a.iob").read_bytes())
    found.append(kinds.SHIPPED.read_bytes()[:4096])
    return found
