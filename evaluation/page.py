"""A page of one file: template, style, script and data in it, nothing fetched, everything escaped."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..pipeline.output import Output

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, *, scripts: tuple[str, ...], data: Any, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        Its name in ``templates``.
    scripts
        Names of the scripts there, one after the other. No other script can run in the page, for its policy
        names the digest of these.
    data
        JSON values for the scripts, which put texts into the page as texts and never as mark-up.
    values
        For the template, which escapes them.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    script = "\n".join((TEMPLATES / name).read_text("utf-8") for name in scripts)
    return environment.get_template(template).render(
        style=(TEMPLATES / "page.css").read_text("utf-8"),
        script=script,
        script_digest=b64encode(sha256(script.encode()).digest()).decode(),
        data=data,
        version=version("tongbao"),
        **values,
    )


def write_page(page: str, out: Path) -> None:
    """Write a page as UTF-8, as a whole or not at all.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    with Output(str(out)) as output:
        # Half a character, as names of files may hold, is written as its escape, which JSON reads back.
        output.stream.write(page.encode("utf-8", "backslashreplace"))
        output.keep()
