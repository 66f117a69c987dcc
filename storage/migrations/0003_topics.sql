-- A removed topic is kept, so that it can be brought back.
ALTER TABLE topics ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'removed'));
DROP INDEX topics_by_name;
CREATE UNIQUE INDEX topics_by_name ON topics (coalesce(channel_id, 0), name) WHERE state <> 'removed';

-- Who follows what, as far as its papers are announced there.
CREATE VIEW active_follows AS
SELECT f.channel_id, f.topic_id FROM follows AS f
JOIN channels AS c ON c.id = f.channel_id JOIN topics AS t ON t.id = f.topic_id
WHERE c.paused = 0 AND t.state = 'active';

-- Every change of a topic in chat, with the query and the state it had from then on. user NULL: nobody known.
CREATE TABLE topic_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    change TEXT NOT NULL CHECK (change IN ('created', 'edited', 'paused', 'resumed', 'removed', 'restored')),
    query TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    user TEXT
);
CREATE INDEX topic_changes_by_topic ON topic_changes (topic_id, id);
INSERT INTO topic_changes (topic_id, change, query, state, at)
SELECT id, 'created', query, state, created FROM topics WHERE channel_id IS NOT NULL;

-- What waited to be posted for a topic alone when it was paused or removed; it waits again when the topic is back.
CREATE TABLE withdrawn (
    topic_id INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    paper_id INTEGER NOT NULL,
    note TEXT NOT NULL,
    queued TEXT NOT NULL,
    PRIMARY KEY (topic_id, paper_id)
) WITHOUT ROWID;
CREATE INDEX withdrawn_by_paper ON withdrawn (paper_id);

CREATE TABLE managers (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (channel_id, user)
) WITHOUT ROWID;
ALTER TABLE channels ADD COLUMN greeted INTEGER NOT NULL DEFAULT 0;

-- words = the text as the index holds it, so that two ways to write the same are one mute.
CREATE TABLE mutes (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('author', 'journal', 'word')),
    words TEXT NOT NULL,
    text TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (channel_id, kind, words)
) WITHOUT ROWID;

-- Papers that would have been announced, and the mute that kept each back.
CREATE TABLE muted (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    paper_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (channel_id, paper_id)
) WITHOUT ROWID;
CREATE INDEX muted_by_paper ON muted (paper_id);

ALTER TABLE ledger ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
