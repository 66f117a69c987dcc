"""People named in a reply's text: marked, so that a platform can write each as it does there (pure)."""

from __future__ import annotations

import re

_BEGIN, _END = "\uf8f0", "\uf8f1"
PERSON = re.compile(f"{_BEGIN}([\\w.-]{{1,80}}){_END}")
"""A person in a text; the group is the platform's id of them."""


def person(user: str) -> str:
    """Name a person by the platform's id. Nobody else's text has such marks: ``visible`` drops them."""
    return f"{_BEGIN}{user}{_END}"
