"""What is said about a wrong setting: plain lines that name it and suggest the right one (pure)."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

PREFIX = "PAPERROUND_"
"""What the names of our environment variables begin with; ``__`` joins the keys behind it."""

Path = tuple[str | int, ...]
"""The keys that lead to a setting, from the outermost; an int counts the tables of a list from 0."""

_SECRET_WORDS = frozenset({"token", "tokens", "secret", "secrets", "key", "keys", "password", "passwords"})
_ALIKE = 0.7
_SHOWN = 60


def variable_path(variable: str) -> tuple[str, ...]:
    """The keys an environment variable stands for: ``PAPERROUND_LOG__LEVEL`` is ``("log", "level")``."""
    return tuple(variable.removeprefix(PREFIX).lower().split("__"))


def looks_secret(name: str) -> bool:
    """Whether a key of this name holds a secret: ``bot_token``, ``api_key``, ``signing_secret``."""
    return not _SECRET_WORDS.isdisjoint(name.lower().split("_"))


def explain(
    errors: Iterable[Mapping[str, Any]],
    schema: Mapping[str, Any],
    table: Path = (),
    variables: Mapping[Path, str] | None = None,
) -> list[str]:
    """One line per mistake. ``errors`` are those of pydantic's ``ValidationError.errors()`` and ``schema`` is the
    JSON schema of the same model, which stands at ``table`` of the configuration. ``variables`` names the
    environment variable that gave a setting, for those that came from one."""
    return [_line(error, schema, table, variables or {}) for error in errors]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"; did you mean 'pubmed'?"``, or what there is if nothing comes close; empty if there is nothing."""
    names = {name.lower(): name for name in sorted(known)}
    if close := difflib.get_close_matches(word.lower(), names, n=1):
        return f"; did you mean {names[close[0]]!r}?"
    return f"; there is {', '.join(names.values())}" if names else ""


def _line(error: Mapping[str, Any], schema: Mapping[str, Any], table: Path, variables: Mapping[Path, str]) -> str:
    inner: Path = error["loc"]
    path = (*table, *inner)
    variable = variables.get(path)
    name = variable or _dotted(path) or "the configuration"
    if error["type"] != "extra_forbidden":
        return f"{name}: {_what_is_wrong(error, path)}"
    suggestion = _suggest(inner, schema)
    if suggestion and variable:
        rest = variable_path(variable)[len(path) :] if len(suggestion) == len(inner) else ()
        suggestion = (*table, *suggestion, *rest)
        return f"{name}: unknown variable; did you mean {PREFIX}{'__'.join(map(str, suggestion)).upper()}?"
    if suggestion:
        return f"{name}: unknown key; did you mean {_dotted((*table, *suggestion))}?"
    known = ", ".join(_keys(schema, inner[:-1]))
    return (
        f"{name}: unknown {'variable; tables and keys are joined by __' if variable else 'key'} (known here: {known})"
    )


def _what_is_wrong(error: Mapping[str, Any], path: Path) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    text = str(error["msg"]).removeprefix("Input ").replace("dictionary", "table")
    text = text[:1].lower() + text[1:]
    given = error["input"]
    if isinstance(given, (str, int, float)) and "table" not in text and not any(looks_secret(str(p)) for p in path):
        text += f", not {json.dumps(given, ensure_ascii=False)[:_SHOWN]}"
    return text


def _dotted(path: Path) -> str:
    """``topics[2].query``: tables of a list are counted from 1, as people count."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _suggest(path: Path, schema: Mapping[str, Any]) -> Path | None:
    """The known setting that was probably meant: a similar key in the same table, or one from another table."""
    *table, last = path
    beside: list[Path] = [(*table, key) for key in _keys(schema, tuple(table))]
    elsewhere = list(_leaves(schema, schema))
    likeness = {known: _likeness(str(last), str(known[-1])) for known in elsewhere + beside}
    likeness |= {known: max(likeness[known], _likeness(_dotted(path), _dotted(known))) for known in elsewhere}
    best = max((*beside, *elsewhere), key=likeness.__getitem__, default=None)
    if best and likeness[best] >= _ALIKE:
        return best
    outer, *inner = str(last).split("_", 2)
    named_freely = "additionalProperties" in schema.get("properties", {}).get(outer, {})
    return (outer, *inner) if named_freely and inner and not table else None


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word.lower(), other.lower()).ratio()


def _keys(schema: Mapping[str, Any], path: Path) -> Sequence[str]:
    """The keys that the table at ``path`` may have."""
    node: Mapping[str, Any] = schema
    for part in path:
        node = _resolve(node, schema)
        inner = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
        node = inner or {}
    return list(_resolve(node, schema).get("properties", {}))


def _leaves(node: Mapping[str, Any], schema: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    properties = _resolve(node, schema).get("properties")
    if properties:
        for key, inner in properties.items():
            yield from _leaves(inner, schema, (*path, key))
    elif path:
        yield path


def _resolve(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    return schema["$defs"][str(reference).rsplit("/", 1)[-1]] if reference else node
