-- Who settled a held or refused delivery, by the platform's id; NULL: nobody, or nobody known any more.
ALTER TABLE deliveries ADD COLUMN settled_by TEXT;
CREATE INDEX deliveries_stuck ON deliveries (opened) WHERE state IN ('dead', 'held');

-- Since when the platform has refused everything in a channel, and what it said; a message that is taken ends it.
ALTER TABLE channels ADD COLUMN lost_since TEXT;
ALTER TABLE channels ADD COLUMN lost_error TEXT;
CREATE TRIGGER found_again AFTER UPDATE OF state ON deliveries WHEN new.state IN ('sent', 'dead')
BEGIN
    UPDATE channels SET lost_since = NULL, lost_error = NULL WHERE id = new.channel_id AND lost_since IS NOT NULL;
END;

-- What a person must act on. gone = since when it is over; told = when managers heard of it last;
-- open = they heard of it, and have not heard that it is over.
CREATE TABLE troubles (
    key TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    gone TEXT,
    told TEXT,
    open INTEGER NOT NULL DEFAULT 0,
    over TEXT NOT NULL,
    channels TEXT NOT NULL
) WITHOUT ROWID;
