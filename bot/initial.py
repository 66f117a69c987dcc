"""The files that ``paperround init`` writes, from what was answered (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CONFIGURATION, SECRETS = "paperround.toml", "paperround.env"

_CONFIGURATION_TEXT = """\
# Written by `paperround init`. It is read at start only; docs and config.example.toml show every key.
# Secrets are not here but in {secrets}.

[storage]
path = "paperround.sqlite3"     # seen from the folder that the bot is started in; copies go to ./backups, once a day

[http]
contact = {contact}     # told to the sources, so that they can write before they block

# Where papers come from.
{sources}

# Where they are posted.
[chat.{table}]

[[topics]]
name = {topic}
query = {query}

[[channels]]
platform = {platform}
id = {channel}
topics = [{topic}]
schedule = {schedule}
zone = {zone}
"""
_SECRETS_TEXT = """\
# The secrets of Paper Round, one NAME=value a line, for systemd's EnvironmentFile, Docker's env_file, or a shell:
# set -a; . ./{secrets}; set +a
# NCBI's key, if you have one:
# PAPERROUND_SOURCES__PUBMED__API_KEY=
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, all of it accepted by the configuration's own checks. ``topic`` is a name and a query,
    ``when`` a schedule and a zone; ``secrets`` are by environment variable."""

    platform: str
    contact: str
    sources: Sequence[str]
    topic: tuple[str, str]
    channel: str
    when: tuple[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def configuration(self) -> str:
        """The text of the configuration file."""
        (name, query), (schedule, zone) = self.topic, self.when
        return _CONFIGURATION_TEXT.format(
            secrets=SECRETS,
            table=self.platform,
            sources="\n".join(f"[sources.{source}]" for source in self.sources),
            contact=_quoted(self.contact),
            topic=_quoted(name),
            query=_quoted(query),
            platform=_quoted(self.platform),
            channel=_quoted(self.channel),
            schedule=_quoted(schedule),
            zone=_quoted(zone),
        )

    @property
    def environment(self) -> str:
        """The text of the file of secrets."""
        lines = (f"{variable}={value}\n" for variable, value in self.secrets.items())
        return _SECRETS_TEXT.format(secrets=SECRETS) + "".join(lines)


def _quoted(text: str) -> str:
    """JSON's strings are TOML's, too, if a delete character is written as an escape."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
