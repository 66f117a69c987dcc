"""Reads a link safely (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_LINK = re.compile(
    r"(?:feed:(?://)?)?(?:https?://)?((?:[a-z0-9-]+\.)*(?:ncbi\.nlm\.nih\.gov|arxiv\.org)(?:[/?].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_MAX_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Link:
    """A link to PubMed or arXiv: the host in small letters, the path without its last slash, and the fields."""

    host: str
    path: str
    fields: tuple[tuple[str, str], ...]

    def get(self, *names: str) -> str:
        """The first value that one of the fields has."""
        return next((value for name in names for key, value in self.fields if key == name and value.strip()), "")

    @property
    def address(self) -> str:
        """The link, to be opened."""
        return urlunsplit(("https", self.host, f"{self.path}/", urlencode(self.fields), ""))

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for key, value in self.fields if key == name]


def read_link(text: str) -> Link | None:
    """The text as a link, if it is one to PubMed or arXiv; blanks in it are taken for the blanks of a search."""
    match = _LINK.fullmatch("+".join(text.strip().strip("<>").split()))
    if match is None:
        return None
    try:
        parts = urlsplit(f"https://{match[1]}")
        fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    return Link((parts.hostname or "").lower(), unquote(parts.path).rstrip("/"), tuple(fields))
