"""What people ask and what the bot answers, as data: every platform turns its events into a Command, and a
Reply into its own layout (pure)."""

from __future__ import annotations

from bot.conversation.asking import PAGE_SIZES, Asker, PageRequest, Sort
from bot.conversation.general import CommandHelp, Help, HelpPage, Mistake, Misunderstood, Notice, ShowStatus
from bot.conversation.lists import Latest, Rearrange, ResultPage, Search, TurnPage
from bot.conversation.papers import PaperCard, Show, Why
from bot.conversation.posts import AnnouncedPaper, Post
from bot.conversation.topics import (
    AddTopic,
    ListTopics,
    PostNewest,
    Preview,
    PreviewReport,
    RemoveTopic,
    SourceCount,
    TopicAdded,
    TopicLine,
    TopicList,
)
from bot.reports import StatusReport, WhyReport

Command = (
    Search | Latest | TurnPage | Rearrange
    | Show | Why
    | ListTopics | AddTopic | RemoveTopic | PostNewest | Preview
    | ShowStatus | Help | Misunderstood
)  # fmt: skip
Reply = (
    ResultPage | PaperCard | WhyReport
    | TopicList | PreviewReport | TopicAdded
    | Notice | Mistake | StatusReport | HelpPage
    | Post
)  # fmt: skip

__all__ = [
    "PAGE_SIZES",
    "AddTopic",
    "AnnouncedPaper",
    "Asker",
    "Command",
    "CommandHelp",
    "Help",
    "HelpPage",
    "Latest",
    "ListTopics",
    "Mistake",
    "Misunderstood",
    "Notice",
    "PageRequest",
    "PaperCard",
    "Post",
    "PostNewest",
    "Preview",
    "PreviewReport",
    "Rearrange",
    "RemoveTopic",
    "Reply",
    "ResultPage",
    "Search",
    "Show",
    "ShowStatus",
    "Sort",
    "SourceCount",
    "TopicAdded",
    "TopicLine",
    "TopicList",
    "TurnPage",
    "Why",
]
