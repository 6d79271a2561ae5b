-- A leaf's place in the log is told to who can read its envelope. So it must not tell who wrote before whom on
-- a day: leaves wait in a table of their own, and a day that is over is put in order of its leaves'
-- bytes, which are hashes, filler among them. No place was ever told before this: days that stand already
-- are put in that order too, and the newest waits again.
CREATE TABLE log_waiting (
  leaf BLOB PRIMARY KEY CHECK (length(leaf) = 32),
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO log_waiting
SELECT leaf, day FROM log_leaves WHERE seq > coalesce(
  (SELECT max(seq) FROM log_leaves WHERE day <> (SELECT day FROM log_leaves ORDER BY seq DESC LIMIT 1)),
  -1
);

CREATE TABLE log_in_order (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  day INTEGER NOT NULL
) STRICT;

INSERT INTO log_in_order
SELECT row_number() OVER (ORDER BY day, leaf) - 1, leaf, day FROM log_leaves
WHERE leaf NOT IN (SELECT leaf FROM log_waiting);

DROP TABLE log_leaves;
ALTER TABLE log_in_order RENAME TO log_leaves;
CREATE INDEX log_leaves_by_leaf ON log_leaves (leaf);

-- Hashes of full subtrees of 64 leaves and more, so that a proof reads a few rows of a long log. They follow
-- from log_leaves, and are worked out again where they are missing.
CREATE TABLE log_nodes (
  level INTEGER NOT NULL CHECK (level >= 6),
  at INTEGER NOT NULL CHECK (at >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, at)
) STRICT, WITHOUT ROWID;
