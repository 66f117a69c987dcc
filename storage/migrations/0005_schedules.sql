-- managed = the configuration file sets schedule and zone. recap = a schedule, '' for none.
ALTER TABLE channels ADD COLUMN managed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN recap TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN snoozed_until TEXT;

-- How far a channel got with its posts and its recaps. rule = the schedule and zone that hold since then.
-- last_day = the latest local date used as a slot, last_end = the moment of that slot.
CREATE TABLE timetables (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'recap')),
    rule TEXT NOT NULL,
    since TEXT NOT NULL,
    last_day TEXT,
    last_end TEXT,
    PRIMARY KEY (channel_id, kind)
) WITHOUT ROWID;

-- What was asked for by a person, who does not wait for a slot.
CREATE INDEX announcements_to_start ON announcements (channel_id)
    WHERE delivery_key IS NULL AND note = 'To start: from the last 7 days';
