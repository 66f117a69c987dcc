-- The reading lists.
CREATE TABLE saved (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user TEXT NOT NULL,
    paper_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (platform, workspace, user, paper_id)
) WITHOUT ROWID;
CREATE INDEX saved_by_paper ON saved (paper_id);

-- What people say of messages. paper_id 0: of the message as a whole.
CREATE TABLE reactions (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    user TEXT NOT NULL,
    reaction TEXT NOT NULL,
    paper_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (platform, workspace, channel, message, user, reaction, paper_id)
) WITHOUT ROWID;
CREATE INDEX reactions_by_paper ON reactions (paper_id);
CREATE INDEX reactions_by_user ON reactions (platform, workspace, user);
