"""Turns Chinese discipline-inspection notices (纪委监委通报) into data: who held which post, did and received what."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .corpus.errors import AnnotationError, InputError, ModelError, ServerError, TongbaoError

if TYPE_CHECKING:
    from .corpus.notice import Notice
    from .pipeline.frames import frame_schema, tag_frames
    from .pipeline.load import load
    from .pipeline.reading import read
    from .pipeline.tagged import TaggedNotice
    from .pipeline.tagging import tag

    __version__: str

__all__ = [
    "AnnotationError",
    "InputError",
    "ModelError",
    "Notice",
    "ServerError",
    "TaggedNotice",
    "TongbaoError",
    "__version__",
    "frame_schema",
    "load",
    "read",
    "tag",
    "tag_frames",
]

# Loaded at first use: spaCy and numpy take a second, which `import tongbao` should not.
_HOMES = {
    "Notice": ".corpus.notice",
    "TaggedNotice": ".pipeline.tagged",
    "frame_schema": ".pipeline.frames",
    "load": ".pipeline.load",
    "read": ".pipeline.reading",
    "tag": ".pipeline.tagging",
    "tag_frames": ".pipeline.frames",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("tongbao")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
