-- What is left of a deleted case: a keyed hash of its id, and when. The one thing it tells is told
-- to whoever has the receipt code. unfinished: the vault's key may still be in the keyring.
CREATE TABLE tombstones (
  idx BLOB PRIMARY KEY CHECK (length(idx) = 32),
  day INTEGER NOT NULL CHECK (day > 0),
  unfinished INTEGER NOT NULL CHECK (unfinished IN (0, 1))
) STRICT, WITHOUT ROWID;
