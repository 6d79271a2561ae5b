-- Deleting a row here shreds a case: what the database holds of it cannot be opened afterwards.
CREATE TABLE keyring (
  idx BLOB PRIMARY KEY CHECK (length(idx) = 32),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0)
) STRICT, WITHOUT ROWID;
