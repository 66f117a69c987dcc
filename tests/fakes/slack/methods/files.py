"""The methods files.*: an upload in three steps, the second of which is a plain POST to the given address."""

from __future__ import annotations

from tests.fakes.slack.web_api import Call, invalid_arguments
from tests.fakes.slack.world import JSON, File, Message, Refused


def get_upload_url(call: Call) -> JSON:
    call.need("files:write")
    name, length = call.text("filename"), call.number("length", 0)
    if not name or not length:
        raise invalid_arguments("missing required field: filename, length")
    file = File(call.slack.id("F"), name, length)
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.base_url}/upload/{call.workspace.id}/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> JSON:
    call.need("files:write")
    files = [_uploaded(call, item) for item in call.value("files") or []]
    if not files:
        raise invalid_arguments("missing required field: files")
    if call.text("channel_id"):
        _share(call, files)
    return {"files": [{"id": file.id, "title": file.title, "name": file.name} for file in files]}


def _uploaded(call: Call, item: JSON) -> File:
    file = call.workspace.files.get(str(item.get("id")))
    if file is None or len(file.content) != file.length:
        raise Refused("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


def _share(call: Call, files: list[File]) -> None:
    channel = call.workspace.channels.get(call.text("channel_id"))
    if channel is None or not channel.bot:
        raise Refused("channel_not_found")
    shown = [{"id": file.id, "name": file.name, "title": file.title, "size": file.length} for file in files]
    for file in files:
        file.channel = channel
    call.slack.show(
        Message(
            channel,
            call.workspace.bot,
            call.slack.ts(),
            call.text("initial_comment"),
            thread_ts=call.text("thread_ts") or None,
            extra={"files": shown, "upload": True},
        )
    )


METHODS = {"files.getUploadURLExternal": get_upload_url, "files.completeUploadExternal": complete_upload}
