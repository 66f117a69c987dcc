"""The log: text for people or JSON lines for machines, to standard error, never with a secret in it.

Whatever is logged, by us or by a library, through structlog or the standard library, passes the one
formatter made here; secrets are hidden in the finished line, so that no value, exception or repr escapes.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"

_SHORTEST_SECRET = 4
_PATTERNS = (
    (re.compile(r"\b(xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+"), HIDDEN),
    (re.compile(r"\b[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"), HIDDEN),
    (re.compile(r"\b(Bearer|Basic) +[^\s\"',;]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{HIDDEN}@"),
    (
        re.compile(
            r"([\w-]*(?:token|secret|password|api[_-]?key|signature)(?:=|\\?[\"']\s*[:=,]\s*\\?[\"']))([^\s&\"'\\]+)",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)


def set_up(level: str, form: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send all logging from ``level`` (debug, info, warning, error) to ``stream`` (standard error), as ``form``
    (text, json). The ``secrets`` and whatever looks like one are hidden. Colours only on a terminal."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _escape_control_characters,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _hiding(_renderer(form, stream), redactor(secrets)),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Make a function that hides these secrets, also in their JSON and URL forms, and whatever looks like one."""
    forms = {form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _forms(secret)}
    longest_first = sorted(forms, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def redact(text: str) -> str:
        if known:
            text = known.sub(HIDDEN, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    return redact


def _forms(secret: str) -> set[str]:
    """How a secret may be written: as it is, in an address, in a repr, and each of these in JSON."""
    forms = {secret, quote(secret, safe=""), quote(secret), repr(secret)[1:-1], json.dumps(secret)[1:-1]}
    return forms | {json.dumps(form, ensure_ascii=False)[1:-1] for form in forms}


def _renderer(form: str, stream: TextIO) -> Callable[[Any, str, MutableMapping[str, Any]], Any]:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def _hiding(render: Callable[[Any, str, MutableMapping[str, Any]], Any], redact: Callable[[str], str]) -> Processor:
    def processor(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        return redact(str(render(logger, method, event)))

    return processor


def _escape_control_characters(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Text from elsewhere may not make lines of its own or steer a terminal; a traceback keeps its lines."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            lines = value.split("\n") if key == "exception" else [value]
            event[key] = "\n".join(map(_printable, lines))
    return event


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
