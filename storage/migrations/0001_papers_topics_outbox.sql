CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A paper is what its records say; its text stands in records only.
-- position = day << 24 | sequence is the paper's rowid in the index, so that rowid order is date order.
-- placed = the archive's change number when the paper got this position.
CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL UNIQUE,
    first_seen TEXT NOT NULL,
    placed INTEGER NOT NULL
);
CREATE INDEX papers_by_placed ON papers (placed, position);

-- Which paper stood at a position before a change, so that stored searches keep their order.
CREATE TABLE moves (
    old_position INTEGER NOT NULL,
    change INTEGER NOT NULL,
    paper_id INTEGER NOT NULL,
    PRIMARY KEY (old_position, change)
) WITHOUT ROWID;
CREATE INDEX moves_by_change ON moves (change, paper_id);

CREATE TABLE merged (loser INTEGER PRIMARY KEY, survivor INTEGER NOT NULL);
CREATE INDEX merged_by_survivor ON merged (survivor);

-- The current version of each record.
CREATE TABLE records (
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    paper_id INTEGER NOT NULL REFERENCES papers (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    entered TEXT,
    venue TEXT,
    categories TEXT NOT NULL,
    language TEXT,
    status TEXT,
    pdf_url TEXT,
    identifiers TEXT NOT NULL,
    same_work TEXT NOT NULL,
    revision TEXT NOT NULL,
    partial INTEGER NOT NULL,
    PRIMARY KEY (source, source_id)
);
CREATE INDEX records_by_paper ON records (paper_id);

-- Every record key ever seen, never pruned.
CREATE TABLE seen (
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, source_id, version)
) WITHOUT ROWID;

-- link = 1: a record only names this identifier as the same work.
CREATE TABLE identifiers (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    paper_id INTEGER NOT NULL REFERENCES papers (id),
    link INTEGER NOT NULL,
    PRIMARY KEY (scheme, value, paper_id, link)
) WITHOUT ROWID;
CREATE INDEX identifiers_by_paper ON identifiers (paper_id);

CREATE TABLE refused (
    source TEXT NOT NULL,
    record TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, record)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE paper_index USING fts5 (
    title, abstract, authors, journal, category, tokens,
    content = '', tokenize = "unicode61 remove_diacritics 2"
);

-- query NULL: a fixed list, without a sort.
-- head = the first positions of the result in its order, packed; what lies beyond boundary goes on in date order.
CREATE TABLE searches (
    key TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    query TEXT,
    sort TEXT,
    per_page INTEGER NOT NULL,
    change INTEGER NOT NULL,
    total INTEGER NOT NULL,
    ranked INTEGER,
    head BLOB NOT NULL,
    boundary INTEGER,
    created TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX searches_by_age ON searches (created);

CREATE TABLE last_lists (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    search TEXT NOT NULL,
    PRIMARY KEY (platform, workspace, channel, user)
) WITHOUT ROWID;

-- declared: it has a table in the configuration file; paused: it had one once.
CREATE TABLE channels (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    schedule TEXT NOT NULL,
    zone TEXT NOT NULL,
    declared INTEGER NOT NULL DEFAULT 0,
    paused INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, workspace, channel)
);

-- channel_id NULL: declared in the configuration file.
CREATE TABLE topics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created TEXT NOT NULL,
    channel_id INTEGER REFERENCES channels (id)
);
CREATE UNIQUE INDEX topics_by_name ON topics (coalesce(channel_id, 0), name);

CREATE TABLE follows (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    topic_id INTEGER NOT NULL REFERENCES topics (id),
    declared INTEGER NOT NULL,
    PRIMARY KEY (channel_id, topic_id)
) WITHOUT ROWID;

CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    cursor TEXT,
    last_success TEXT,
    last_failure TEXT,
    error TEXT,
    not_before TEXT
) WITHOUT ROWID;

-- A topic's first complete fetch from a source, and the papers it brought: never announced.
CREATE TABLE baselines (
    topic_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    completed TEXT NOT NULL,
    PRIMARY KEY (topic_id, source)
) WITHOUT ROWID;
CREATE TABLE baseline_papers (
    paper_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    PRIMARY KEY (paper_id, topic_id)
) WITHOUT ROWID;

CREATE TABLE announcements (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    paper_id INTEGER NOT NULL,
    topics TEXT NOT NULL,
    note TEXT NOT NULL,
    queued TEXT NOT NULL,
    delivery_key TEXT REFERENCES deliveries (key),
    PRIMARY KEY (channel_id, paper_id)
) WITHOUT ROWID;
CREATE INDEX announcements_waiting ON announcements (channel_id, queued) WHERE delivery_key IS NULL;
CREATE INDEX announcements_by_delivery ON announcements (delivery_key);

CREATE TABLE deliveries (
    opened INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    kind TEXT NOT NULL,
    slot TEXT NOT NULL,
    part INTEGER NOT NULL,
    payload BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'sent', 'held', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    first_at TEXT,
    last_at TEXT,
    not_before TEXT,
    absences INTEGER NOT NULL DEFAULT 0,
    message_id TEXT,
    error TEXT,
    UNIQUE (channel_id, kind, slot, part)
);
CREATE INDEX deliveries_unfinished ON deliveries (channel_id, opened)
    WHERE state IN ('pending', 'sending', 'unknown');

CREATE TRIGGER sent_is_final BEFORE UPDATE OF state ON deliveries
WHEN old.state = 'sent' AND new.state <> 'sent'
BEGIN
    SELECT raise(ABORT, 'a sent delivery stays sent');
END;

CREATE TABLE chat_messages (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    user TEXT,
    key TEXT,
    body BLOB NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (channel, key)
);
CREATE INDEX chat_messages_by_channel ON chat_messages (channel, n);
