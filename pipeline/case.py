"""A case: one subject held to account, with its posts, wrongs and measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One subject who is held to account; every index counts ``doc.ents`` from 0.

    Parameters
    ----------
    official
        The fullest name of the person in the notice, None for an unnamed person or a body.
    subject
        That name, or the post or body as the text has it.
    mentions
        The OFFICIAL entities that name the person; empty for an unnamed person or a body.
    positions, violations, sanctions
        The entities of those labels that belong to the case.
    date
        Date of the measure, ISO, or None.
    organ
        The body that decided on the measure, or None.
    """

    official: str | None
    subject: str
    mentions: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    violations: tuple[int, ...] = ()
    sanctions: tuple[int, ...] = ()
    date: str | None = None
    organ: str | None = None
