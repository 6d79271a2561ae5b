-- What a stolen database shows is decided here. No table has an address, a user agent or a time
-- finer than a day. Tables are WITHOUT ROWID wherever a row number would tell the order in which
-- people came: their keys are random or keyed hashes, so rows lie in an order that says nothing.

CREATE TABLE portal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  portal_id BLOB NOT NULL CHECK (length(portal_id) = 32),
  charter_key BLOB NOT NULL CHECK (length(charter_key) > 0),
  office_key BLOB NOT NULL CHECK (length(office_key) > 0)
) STRICT;

CREATE TABLE setup_secret (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  hash BLOB NOT NULL CHECK (length(hash) BETWEEN 16 AND 64)
) STRICT;

CREATE TABLE rosters (
  epoch INTEGER PRIMARY KEY CHECK (epoch >= 0),
  bytes BLOB NOT NULL CHECK (length(bytes) > 0),
  signature BLOB NOT NULL CHECK (length(signature) > 0)
) STRICT;

CREATE TABLE invites (
  id TEXT PRIMARY KEY CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_type(roles) = 'array'),
  joined BLOB
) STRICT, WITHOUT ROWID;

-- state is sealed to vault_pk, whose secret key is in another file (the keyring).
CREATE TABLE cases (
  idx BLOB PRIMARY KEY CHECK (length(idx) = 32),
  vault_pk BLOB NOT NULL CHECK (length(vault_pk) > 0),
  version INTEGER NOT NULL CHECK (version >= 0),
  state BLOB NOT NULL CHECK (length(state) > 0)
) STRICT, WITHOUT ROWID;

-- No column names the case: row_key is a keyed hash of (case, stream, seq), so that a thief of
-- this file cannot count the messages of a case.
CREATE TABLE events (
  row_key BLOB PRIMARY KEY CHECK (length(row_key) = 16),
  env_key BLOB NOT NULL UNIQUE CHECK (length(env_key) = 16),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
  case_idx BLOB NOT NULL REFERENCES cases (idx) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_case ON tokens (case_idx);

CREATE TABLE receipts (
  env_key BLOB PRIMARY KEY CHECK (length(env_key) = 16),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0)
) STRICT, WITHOUT ROWID;

-- Who cannot open an item must not tell it from filler, so waiting items (which are never
-- filler) are in a table of their own, and leave no trace in the row that is published.
CREATE TABLE feed_waiting (
  item_id BLOB PRIMARY KEY CHECK (length(item_id) = 16),
  member_id INTEGER NOT NULL,
  day INTEGER NOT NULL,
  ctx BLOB NOT NULL CHECK (length(ctx) = 32),
  slot BLOB NOT NULL CHECK (length(slot) > 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_waiting_in_turn ON feed_waiting (member_id, day, item_id);

-- Within a tick the order is that of the random item id.
CREATE TABLE feed (
  member_id INTEGER NOT NULL,
  tick INTEGER NOT NULL CHECK (tick > 0),
  item_id BLOB NOT NULL UNIQUE CHECK (length(item_id) = 16),
  ctx BLOB NOT NULL CHECK (length(ctx) = 32),
  slot BLOB NOT NULL CHECK (length(slot) > 0),
  PRIMARY KEY (member_id, tick, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_clock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  newest INTEGER NOT NULL
) STRICT;

INSERT INTO feed_clock VALUES (1, 0);

-- The one table with an order, for a log is an order; its leaves are blinded hashes among filler.
CREATE TABLE log_leaves (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  day INTEGER NOT NULL
) STRICT;

CREATE TABLE uploads (
  env_id BLOB PRIMARY KEY CHECK (length(env_id) = 16),
  ticket_hash BLOB NOT NULL CHECK (length(ticket_hash) = 32),
  length INTEGER NOT NULL CHECK (length > 0),
  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND length),
  hash BLOB CHECK (length(hash) = 32),
  day INTEGER NOT NULL,
  claimed INTEGER NOT NULL CHECK (claimed IN (0, 1)),
  CHECK (hash IS NULL OR received = length)
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_unclaimed ON uploads (day, length) WHERE claimed = 0;
