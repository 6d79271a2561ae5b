-- The last of the operator's fixed hours at which reminders went out, in minutes since 1970-01-01:
-- nothing of a report, and a restart does not send them twice.
CREATE TABLE reminder_clock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  slot INTEGER NOT NULL
) STRICT;
