-- Commands, clicks and events of chat platforms that were handled, so that each is handled once; forgotten after a day.
CREATE TABLE gestures (id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX gestures_at ON gestures (at);
