"""Registers spaCy factories whose names carry our prefix and a dot, as entry points of other packages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from spacy.language import FactoryMeta, Language
from spacy.util import registry

F = TypeVar("F", bound=Callable[..., Any])


def factory(
    name: str,
    *,
    default_config: dict[str, Any] | None = None,
    assigns: tuple[str, ...] = (),
    requires: tuple[str, ...] = (),
    default_score_weights: dict[str, float | None] | None = None,
) -> Callable[[F], F]:
    """Register a component factory, arguments as of ``Language.factory``.

    ``Language.factory`` itself refuses a dot since spaCy 3.4; the registry behind it and configs do not.
    """

    def register(function: F) -> F:
        weights = default_score_weights or {}
        registry.factories.register(Language.get_factory_name(name), func=function)
        meta = FactoryMeta(
            factory=name,
            default_config=default_config or {},
            assigns=assigns,
            requires=requires,
            scores=list(weights),
            default_score_weights=weights,
        )
        Language.set_factory_meta(name, meta)
        return function

    return register
