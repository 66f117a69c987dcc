-- Each time that a page of polling made a paper new or changed; kept for some weeks.
-- matched_before = the ids of the topics that a changed paper matched before, and matches still.
CREATE TABLE found (
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    paper_id INTEGER NOT NULL,
    matched_before TEXT NOT NULL,
    PRIMARY KEY (at, source, paper_id)
) WITHOUT ROWID;

-- Since when polling has known that a channel follows a topic; what it does not know any more is forgotten.
CREATE TABLE followed (
    channel_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (channel_id, topic_id)
) WITHOUT ROWID;

-- What became of a day's papers of a source, when last checked. papers = the ids of some that are missing.
CREATE TABLE ledger (
    day TEXT NOT NULL,
    source TEXT NOT NULL,
    announced INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    held INTEGER NOT NULL,
    baseline INTEGER NOT NULL,
    unmatched INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    papers TEXT NOT NULL,
    PRIMARY KEY (day, source)
) WITHOUT ROWID;
