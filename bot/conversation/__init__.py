"""What people ask and what the bot answers, as data: every platform turns its events into a Command, and a
Reply into its own layout (pure)."""

from __future__ import annotations

from bot.conversation.asking import PAGE_SIZES, Asker, PageRequest, Sort
from bot.conversation.changes import (
    ConfirmRemoval,
    EditTopic,
    PauseTopic,
    ResumeTopic,
    ShowHistory,
    TopicEdited,
    TopicHistory,
    TopicResumed,
    UndoTopic,
)
from bot.conversation.citations import MOST_CITED, CitationFile, CitationText, Cite, CiteList
from bot.conversation.general import CommandHelp, Help, HelpPage, Mistake, Misunderstood, Notice, ShowStatus
from bot.conversation.home import Home, ManagedChannel
from bot.conversation.library import CopyStarter, ShowLibrary, StarterLibrary, StarterLine
from bot.conversation.lists import FILTERED, Filter, Latest, Rearrange, ResultPage, Search, TurnPage
from bot.conversation.mutes import AddMute, ListMutes, MuteAdded, MuteLine, MuteList, RemoveMute
from bot.conversation.papers import PaperCard, Show, Why
from bot.conversation.people import (
    AddAlert,
    AlertAdded,
    AlertFromList,
    AlertList,
    ForgetMe,
    Kept,
    ListAlerts,
    PauseAlert,
    Privacy,
    PrivacyReport,
    React,
    Reacted,
    RemoveAlert,
    ResumeAlert,
    Save,
    ShowSaved,
    Unsave,
)
from bot.conversation.posts import AnnouncedPaper, Post
from bot.conversation.rights import AddManager, Greeting, ListManagers, ManagerList, RemoveManager
from bot.conversation.schedules import ScheduleReport, SetRecap, SetSchedule, ShowSchedule, Snooze
from bot.conversation.sharing import AlreadyHere, Shared, ShareList, SharePaper
from bot.conversation.topics import (
    AddTopic,
    Clause,
    ImportedSearch,
    ListTopics,
    PostNewest,
    Preview,
    PreviewReport,
    RemoveTopic,
    Role,
    SourceCount,
    TopicAdded,
    TopicLine,
    TopicList,
)
from bot.conversation.trouble import Resend, Skip
from bot.reports import StatusReport, UnseenReport, WhyReport

Command = (
    Search | Latest | TurnPage | Rearrange
    | Show | Why | Cite | CiteList
    | Save | Unsave | ShowSaved | React | Privacy | ForgetMe
    | AddAlert | AlertFromList | ListAlerts | RemoveAlert | PauseAlert | ResumeAlert
    | SharePaper | ShareList
    | ListTopics | AddTopic | RemoveTopic | PostNewest | Preview
    | EditTopic | PauseTopic | ResumeTopic | ConfirmRemoval | UndoTopic | ShowHistory | ShowLibrary | CopyStarter
    | AddMute | RemoveMute | ListMutes | ListManagers | AddManager | RemoveManager
    | ShowSchedule | SetSchedule | SetRecap | Snooze
    | ShowStatus | Resend | Skip | Help | Misunderstood
)  # fmt: skip
Reply = (
    ResultPage | PaperCard | WhyReport | CitationText | CitationFile
    | AlertAdded | AlertList | PrivacyReport | Reacted | AlreadyHere | Shared
    | TopicList | PreviewReport | TopicAdded | ImportedSearch
    | TopicEdited | TopicResumed | TopicHistory | StarterLibrary
    | MuteAdded | MuteList | ManagerList | Greeting | ScheduleReport
    | Notice | Mistake | StatusReport | UnseenReport | HelpPage
    | Post
)  # fmt: skip

ADMINISTERING = frozenset({
    AddTopic, EditTopic, RemoveTopic, PauseTopic, ResumeTopic, ConfirmRemoval, UndoTopic, CopyStarter, PostNewest,
    AddMute, RemoveMute, AddManager, RemoveManager, SetSchedule, SetRecap, Snooze, Resend, Skip, ShowStatus,
})  # fmt: skip
"""The commands whose answer depends on the asker's rights."""

__all__ = [
    "ADMINISTERING",
    "FILTERED",
    "MOST_CITED",
    "PAGE_SIZES",
    "AddAlert",
    "AddManager",
    "AddMute",
    "AddTopic",
    "AlertAdded",
    "AlertFromList",
    "AlertList",
    "AlreadyHere",
    "AnnouncedPaper",
    "Asker",
    "CitationFile",
    "CitationText",
    "Cite",
    "CiteList",
    "Clause",
    "Command",
    "CommandHelp",
    "ConfirmRemoval",
    "CopyStarter",
    "EditTopic",
    "Filter",
    "ForgetMe",
    "Greeting",
    "Help",
    "HelpPage",
    "Home",
    "ImportedSearch",
    "Kept",
    "Latest",
    "ListAlerts",
    "ListManagers",
    "ListMutes",
    "ListTopics",
    "ManagedChannel",
    "ManagerList",
    "Mistake",
    "Misunderstood",
    "MuteAdded",
    "MuteLine",
    "MuteList",
    "Notice",
    "PageRequest",
    "PaperCard",
    "PauseAlert",
    "PauseTopic",
    "Post",
    "PostNewest",
    "Preview",
    "PreviewReport",
    "Privacy",
    "PrivacyReport",
    "React",
    "Reacted",
    "Rearrange",
    "RemoveAlert",
    "RemoveManager",
    "RemoveMute",
    "RemoveTopic",
    "Reply",
    "Resend",
    "ResultPage",
    "ResumeAlert",
    "ResumeTopic",
    "Role",
    "Save",
    "ScheduleReport",
    "Search",
    "SetRecap",
    "SetSchedule",
    "ShareList",
    "SharePaper",
    "Shared",
    "Show",
    "ShowHistory",
    "ShowLibrary",
    "ShowSaved",
    "ShowSchedule",
    "ShowStatus",
    "Skip",
    "Snooze",
    "Sort",
    "SourceCount",
    "StarterLibrary",
    "StarterLine",
    "TopicAdded",
    "TopicEdited",
    "TopicHistory",
    "TopicLine",
    "TopicList",
    "TopicResumed",
    "TurnPage",
    "UndoTopic",
    "Unsave",
    "Why",
]
