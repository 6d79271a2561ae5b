-- What was published of each quarter, as it was signed; it is never changed.
CREATE TABLE heartbeats (
  quarter TEXT PRIMARY KEY CHECK (quarter GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'),
  bytes BLOB NOT NULL CHECK (length(bytes) > 0),
  signature BLOB NOT NULL CHECK (length(signature) > 0)
) STRICT, WITHOUT ROWID;

-- What deletion would take from a quarter's counts before they are published: three numbers in all,
-- sealed to the keyring and always as long. The row goes when the quarter is published. version
-- tells how often it was written, which the days of the tombstones tell as well.
CREATE TABLE tallies (
  quarter TEXT PRIMARY KEY CHECK (quarter GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'),
  version INTEGER NOT NULL CHECK (version >= 1),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0)
) STRICT, WITHOUT ROWID;
