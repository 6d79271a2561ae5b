-- What the operator set of what reporters see. Nothing here is of a case, and all of it is public.
-- Every saved version stays: a mistake can be looked up, and versions never run backwards.

CREATE TABLE presentation (
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60 AND name NOT GLOB '*[^A-Za-z0-9-]*'),
  version INTEGER NOT NULL CHECK (version >= 1),
  -- Empty: what comes with the software is in force again.
  bytes BLOB NOT NULL,
  day INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- Every questionnaire that was ever asked, those that came with older software too: answers are
-- read by the questions that were asked. version is the SHA-256 of the text.
CREATE TABLE questionnaires (
  version TEXT PRIMARY KEY CHECK (length(version) = 64 AND version NOT GLOB '*[^0-9a-f]*'),
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
