-- Versions of the notice, people who were given it, places where it hangs: one row each, all alike from outside.
CREATE TABLE records (
  key BLOB PRIMARY KEY CHECK (length(key) = 16),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0)
) STRICT, WITHOUT ROWID;
