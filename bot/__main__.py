"""The command line: ``paperround``, or ``python -m bot``. Exit codes: 0 done, 1 failed, 2 wrong usage or
configuration, 75 another instance holds the data."""

# ruff: noqa: PLC0415 — what is heavy is imported by the command that needs it, so that --help is quick

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.as_json import search_as_json
from bot.conversation import PageRequest, Sort
from bot.data_commands import backup, restore, vacuum
from bot.errors import AnotherInstance, ConfigurationError, PaperRoundError, QueryError
from bot.printing import (
    print_check,
    print_follows,
    print_json,
    print_status,
    print_table,
    print_why,
    say,
)
from bot.query import caret
from bot.setting_up import init
from bot.terminal import FAILED, LOCKED, WRONG_USAGE, ConfigFile, Json, fail, load, with_app

if TYPE_CHECKING:
    from bot.app import App
    from bot.model import Paper

cli = typer.Typer(
    help="Brings a team its new scientific papers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class ImportFormat(StrEnum):
    """What can be imported."""

    PUBMED_XML = "pubmed-xml"
    ARXIV_ATOM = "arxiv-atom"
    ARXIV_OAI = "arxiv-oai"
    JSONL = "jsonl"


class ExportFormat(StrEnum):
    """What can be asked of export."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    JSONL = "jsonl"


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        cli()
    except QueryError as error:
        suggestion = f"\nTry: {error.suggestion}" if error.suggestion else ""
        fail(f"{error}\n{caret(error)}{suggestion}", WRONG_USAGE)
    except ConfigurationError as error:
        fail(str(error), WRONG_USAGE)
    except AnotherInstance as error:
        fail(str(error), LOCKED)
    except PaperRoundError as error:
        fail(str(error), FAILED)


# ---------------------------------------------------------------- commands


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="The address to serve.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve; 0 takes a free one.")] = 8080,
    speed: Annotated[float, typer.Option(min=0.01, max=1000, help="How fast papers are published.")] = 1.0,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the data here; else it is temporary.")] = None,
) -> None:
    """The real bot with the local chat and sample papers, offline."""
    from adapters import logs
    from bot.demo import demo as run_demo

    logs.set_up("warning", "text")
    asyncio.run(_until_stopped(lambda stop: run_demo(host, port, speed=speed, data=data, stop=stop, say=say)))


cli.command()(init)


@cli.command()
def run(config: ConfigFile = None) -> None:
    """The bot: polls the sources, posts what matches, answers."""
    from bot.app import open_app

    settings = load(config)

    async def serve(stop: asyncio.Event) -> None:
        async with open_app(settings, lock=True) as app:
            await app.run(stop)

    asyncio.run(_until_stopped(serve))


@cli.command()
def check(*, config: ConfigFile = None, as_json: Json = False) -> None:
    """Check the configuration, and ask every source and platform one small thing."""
    rows = with_app(load(config), lambda app: app.check())
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        print_check(rows)
    if any(row.level == "error" for row in rows):
        raise typer.Exit(FAILED)


@cli.command()
def poll(
    *,
    config: ConfigFile = None,
    source: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this source; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Poll the sources once."""
    rows = with_app(load(config), lambda app: app.poll(source or []), lock=True)
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        titles = ("source", "fetched", "new", "changed", "matched", "queued", "error")
        print_table(titles, ([getattr(row, title) for title in titles] for row in rows))
    if any(row.error for row in rows):
        raise typer.Exit(FAILED)


@cli.command()
def deliver(*, config: ConfigFile = None, as_json: Json = False) -> None:
    """Send what is due now, and find out about what may have been sent."""
    report = with_app(load(config), lambda app: app.deliver(), lock=True)
    if as_json:
        print_json(asdict(report))
    else:
        say(f"sent {report.sent}, waiting {report.waiting}, unknown {report.unknown}, held {report.held}")
        for error in report.errors:
            say(error, err=True)
    if report.errors:
        raise typer.Exit(FAILED)


@cli.command()
def search(
    query: Annotated[str, typer.Argument(help="As in /papers search.")],
    *,
    config: ConfigFile = None,
    sort: Annotated[Sort, typer.Option(help="The order.")] = Sort.NEWEST,
    page: Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page.")] = 1,
    per_page: Annotated[int, typer.Option(min=1, max=100, help="How many papers on a page.")] = 10,
    as_json: Json = False,
) -> None:
    """Search the archive."""
    request = PageRequest(sort, page, per_page)
    found = with_app(load(config), lambda app: app.search(query, request))
    if as_json:
        print_json(search_as_json(query, found))
    else:
        rows = ([f"P{p.id}", p.date.isoformat(), p.kind, ", ".join(p.sources), p.title] for p in found.papers)
        print_table(("id", "date", "kind", "sources", "title"), rows)
        say(f"Page {found.page:,} of {found.pages:,} · {found.total:,} results · {found.sort}")


@cli.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, readable=True)],
    *,
    form: Annotated[ImportFormat, typer.Option("--format", help="What the files hold, plain or gzip.")],
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Load files into the archive; nothing is announced."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from adapters.files import read_file

    settings = load(config)
    columns = (TextColumn("{task.fields[count]} records"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("import", total=sum(file.stat().st_size for file in files), count="0")
        records = (item for file in files for item in read_file(file, form.value, partial(bar.advance, task)))
        report = with_app(
            settings,
            lambda app: app.import_records(records, lambda count: bar.update(task, count=f"{count:,}")),
            lock=True,
        )
    if as_json:
        refused = [{"record": refusal.record, "reason": refusal.reason} for refusal in report.refused]
        counts = {"read": report.read, "new": report.new, "changed": report.changed, "same": report.same}
        print_json(counts | {"refused": refused})
    else:
        say(f"read {report.read:,}: {report.new:,} new, {report.changed:,} changed, {report.same:,} the same")
        for refusal in report.refused:
            say(f"refused {refusal.record}: {refusal.reason}")
    if report.refused and not report.new + report.changed + report.same:
        raise typer.Exit(FAILED)


@cli.command()
def export(
    query: Annotated[str | None, typer.Argument(help="Only what this query finds.")] = None,
    *,
    form: Annotated[ExportFormat, typer.Option("--format", help="How papers are written.")],
    config: ConfigFile = None,
) -> None:
    """Write papers to standard output."""
    from adapters.citations import CitationFile
    from adapters.files import write_jsonl
    from bot.citing import CitationFormat

    async def write(app: App) -> None:
        papers: AsyncIterator[Paper] = app.export(query)
        if form is ExportFormat.JSONL:
            async for paper in papers:
                for line in write_jsonl([paper]):
                    typer.echo(line)
        else:
            writer = CitationFile(CitationFormat(form))
            async for paper in papers:
                typer.echo(writer.add(paper), nl=False)
            typer.echo(writer.end(), nl=False)

    with_app(load(config), write)


@cli.command()
def status(*, config: ConfigFile = None, as_json: Json = False) -> None:
    """How the sources, the archive, the deliveries and the channels do."""
    print_status(with_app(load(config), lambda app: app.status()), as_json=as_json)


@cli.command()
def channels(*, config: ConfigFile = None, as_json: Json = False) -> None:
    """What each channel follows, with the last post and the last failure."""
    print_follows(with_app(load(config), lambda app: app.follows()), as_json=as_json)


@cli.command()
def why(
    paper: Annotated[str, typer.Argument(metavar="ID", help="P12, a DOI, PMID, arXiv id or link.")],
    *,
    channel: Annotated[str | None, typer.Option(metavar="PLATFORM:ID", help="Only this channel.")] = None,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """When a paper was seen, and why it was posted or not."""
    print_why(with_app(load(config), lambda app: app.why(paper, channel)), as_json=as_json)


for command in (backup, restore, vacuum):
    cli.command()(command)


# ---------------------------------------------------------------- running


async def _until_stopped(serve: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop)


if __name__ == "__main__":
    main()
