"""Bytes to text: which encoding a file is in, and a clear no where none fits."""

from __future__ import annotations

import re
from functools import cache

from ..corpus.errors import InputError
from .normalize import normalize

SAMPLE = 1 << 18
"""Bytes that suffice to tell an encoding."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5hkscs",
}
_GUESSES = ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_LATIN = re.compile("[\x80-\xff]")
_SIGN = re.compile("[\u2010-\u2026\u2030-\u203b\u2460-\u249b\u25a0-\u25ef\u3000-\u303f\uff01-\uff5e×·°]")
_FREQUENT = frozenset(
    "的一人委年处党长了分在有不县纪到查月公上务局受是市个记政任报员三职被监开中会村来"
    "主违里理问工十区部出法大副收日他后告对二管给警通元水书说发民行检下内用关子过以家组"
    "镇小案题为万察名其时没重生天作除责经院事起要两机予看严办四所金把规某原成学审期老着"
    "业自车前调得全第定站取司同科安级资位和干次地去明费国门现单省并场话款者道接面罪送队"
    "户就从将教回乡口于还心六信那本利"
)
_ENOUGH_HAN = 30
_NO_TEXT = "a binary file, not a text: save it as text, Markdown or HTML"
_NO_ENCODING = "in no encoding that fits (tried UTF-8, UTF-16, GB18030, Big5): save the file as UTF-8"
_SPOILT = "the characters were spoilt by a wrong conversion before (mojibake): fetch the original anew"


def decode(data: bytes, *, where: str) -> str:
    """Decode a file's bytes without ever making characters up.

    The byte order mark, if any, is not part of the text; line ends stay as they are.

    Parameters
    ----------
    data
        The whole file.
    where
        The name that errors give, usually the path.

    Raises
    ------
    InputError
        When there is nothing, the file is binary, no encoding fits, or the text was spoilt before.
    """
    encoding, start = detect(data, where=where)
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"broken {encoding.upper()} at byte {start + error.start}: save the file anew as UTF-8",
            where=where,
        ) from None
    _check(text, where)
    return text


def detect(data: bytes, *, where: str, whole: bool = True, forgive: bool = False) -> tuple[str, int]:
    """Tell the encoding of bytes, as Python names it, and where the text starts behind a byte order mark.

    Parameters
    ----------
    data
        A file, or its beginning.
    whole
        Whether these are all the bytes; a beginning may end within a character.
    forgive
        Whether UTF-8 may have broken bytes, which the caller then looks for.

    Raises
    ------
    InputError
        When there is nothing, the file is binary or no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    if not data.strip(b" \t\r\n\x00"):
        raise InputError("the file is empty", where=where)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{kind}, not a text: save it as text, Markdown or HTML", where=where)
    nuls = b"\x00" in data
    if not nuls:
        broken = _broken_utf8(data, whole)
        if broken is None:
            return "utf-8", 0
        if broken and not _guesses_fit(data[:SAMPLE]):
            if forgive:
                return "utf-8", 0
            raise _broken("utf-8", broken, where)
    declared = _DECLARED.search(data[:4096])
    first = _WIDER.get(declared[1].decode("ascii").lower(), "") if declared else ""
    best, encoding = 0.0, ""
    for guess in dict.fromkeys(((first,) if first else ()) + _GUESSES):
        if nuls and not guess.startswith("utf"):
            continue
        plausible = _plausibility(data[:SAMPLE], guess, whole and len(data) <= SAMPLE)
        # What the page says of itself weighs, but not against the look of the text.
        if plausible + 0.2 * (guess == first) > best:
            best, encoding = plausible + 0.2 * (guess == first), guess
    if not encoding:
        if nuls:
            raise InputError(_NO_TEXT, where=where)
        raise InputError(
            "in no encoding that fits (tried UTF-8, UTF-16, GB18030, Big5): save the file as UTF-8",
            where=where,
        )
    return encoding, 0


def _broken(encoding: str, byte: int, where: str) -> InputError:
    return InputError(f"broken {encoding.upper()} at byte {byte}: save the file anew as UTF-8", where=where)


def _broken_utf8(data: bytes, whole: bool) -> int | None:
    """Return None for sound UTF-8, else the first broken byte where the rest is mostly UTF-8, else 0."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not whole and error.end == len(data) and error.reason == "unexpected end of data":
            return None
        sample = data[:SAMPLE].decode("utf-8", "replace")
        wide = sum("\u07ff" < char != "\ufffd" for char in sample)
        return max(error.start, 1) if wide > 4 * sample.count("\ufffd") else 0
    return None


def _guesses_fit(sample: bytes) -> bool:
    return any(_plausibility(sample, guess, False) > 1.3 for guess in _GUESSES[:2])


def _plausibility(sample: bytes, encoding: str, whole: bool) -> float:
    """Measure from 0 to 2 how far bytes read as Chinese; 0 is no, below about 0.7 only mojibake lies."""
    if whole and encoding.startswith("utf-16") and len(sample) % 2:
        return 0.0
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError as error:
        if whole or error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(encoding)
    if len(_CONTROLS.findall(text)) * 100 > len(text):
        return 0.0
    chars = normalize("".join(_NOT_ASCII.findall(text))[:20_000])
    if not chars:
        return 1.0
    usual = sum(char in _usual() or _SIGN.match(char) is not None or char < "\x80" for char in chars) / len(chars)
    frequent = sum(char in _FREQUENT for char in chars) / len(chars)
    return usual + frequent if usual >= 0.7 or frequent >= 0.25 else 0.0


@cache
def _usual() -> frozenset[str]:
    """Return the 3755 characters of the first level of GB 2312, which cover over 99 % of a notice."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in rows))


def _check(text: str, where: str) -> None:
    if not text.strip("\ufeff \t\r\n"):
        raise InputError("the file is empty", where=where)
    sample = text[:SAMPLE]
    if len(_CONTROLS.findall(sample)) * 100 > len(sample) or "\x00" in text:
        raise InputError(_NO_TEXT, where=where)
    if _is_mojibake(sample):
        raise InputError(
            "the characters were spoilt by a wrong conversion before (mojibake): fetch the original anew",
            where=where,
        )


def _is_mojibake(sample: str) -> bool:
    wide = _NOT_ASCII.findall(sample)
    count = sum(map(len, wide))
    if count < 12:
        return False
    if sample.count("\ufffd") * 20 > count or sample.count("锟斤拷") * 30 > count:
        return True
    if len(_LATIN.findall(sample)) * 3 > len(sample):
        return True
    chars = "".join(wide)[:4000]
    # UTF-8 read as GBK turns back into Chinese; Chinese itself does not.
    if _share_of_usual(chars.encode("gb18030", "replace").decode("utf-8", "ignore"), len(chars) // 3) > 0.8:
        return True
    return _share_of_usual(chars, _ENOUGH_HAN) < 0.6


def _share_of_usual(chars: str, least: int) -> float:
    """Measure how many of the Han characters are usual ones; 0.7, which says nothing, where they are few."""
    han = [char for char in normalize(chars) if "\u3400" <= char <= "\u9fff"]
    return sum(char in _usual() for char in han) / len(han) if len(han) >= max(least, 1) else 0.7
