/** `tellhaven deadline` as a person runs it in a shell. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { builtInDeadlines } from "../../data/policy/deadlines/rows.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "tellhaven-deadline-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const ran = spawnSync(process.execPath, ["server/cli/main.ts", "deadline", ...args], { cwd: root, encoding: "utf8" });
  return { status: ran.status, out: ran.stdout, err: ran.stderr };
}

function answer(...args: string[]): Record<string, unknown> {
  const { status, out, err } = run(...args, "--json");
  assert.deepEqual([status, err], [0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

test("one answer, whole", () => {
  assert.deepEqual(answer("CA_CSI", "--from", "2026-12-18"), {
    id: "CA_CSI",
    from: "2026-12-18",
    target: "2027-01-02",
    latest: "2027-01-04",
    citation: "Cal. Bus. & Prof. Code § 22757.13(c)(1)",
    source: {
      asOf: "2026-11",
      read: true,
      url: "https://leginfo.legislature.ca.gov/faces/billTextClient.xhtml?bill_id=202520260SB53",
    },
    steps: [
      "The first day is 2026-12-18. It is not counted.",
      "15 days later it is 2027-01-02.",
      "2027-01-02 is a Saturday.",
      "2027-01-03 is a Sunday.",
      "The law moves the last day on to 2027-01-04. Plan for 2027-01-02 all the same.",
    ],
    notLegalAdvice: "This is a count of days, not legal advice. Have a lawyer check what applies to you.",
  });
});

test("a series", () => {
  const { target, series } = answer("CA_UPDATE", "--from", "2026-01-31", "--repeat", "3");
  assert.equal(target, "2026-02-28");
  assert.deepEqual(series, [
    { target: "2026-02-28", latest: "2026-02-28" },
    { target: "2026-03-31", latest: "2026-03-31" },
    { target: "2026-04-30", latest: "2026-04-30" },
  ]);
});

test("what falls due once says so, and is not repeated", () => {
  const { series, steps } = answer("CA_CSI", "--from", "2026-12-18", "--repeat", "3");
  assert.deepEqual(series, [{ target: "2027-01-02", latest: "2027-01-04" }]);
  assert.equal((steps as string[]).at(-1), "This falls due once.");
});

test("no acknowledgement: seven days, then three months", () => {
  const { from, received, target, steps } = answer("EU_FEEDBACK", "--received", "2026-03-01");
  assert.deepEqual([from, received, target], ["2026-03-08", "2026-03-01", "2026-06-08"]);
  assert.match((steps as string[])[0]!, /7 days after 2026-03-01: 2026-03-08/);
});

test("hours take a time with an offset and give UTC", () => {
  const { target, latest } = answer("CA_CSI_24", "--from", "2026-12-18T02:00:00-08:00");
  assert.deepEqual([target, latest], ["2026-12-19T10:00:00Z", "2026-12-19T10:00:00Z"]);
});

test("hours from a bare day count from its start and say why", () => {
  const { target, steps } = answer("GDPR_BREACH", "--from", "2026-05-01");
  assert.equal(target, "2026-05-04T00:00:00Z");
  assert.match((steps as string[])[0]!, /Only the day is known/);
});

test("before the law is in force the answer says so", () => {
  const { steps } = answer("NY_CSI", "--from", "2026-11-30");
  assert.match((steps as string[])[0]!, /applies from 2027-01-01/);
});

test("lines for people hold what the object holds", () => {
  const { out } = run("CA_CSI", "--from", "2026-12-18", "--repeat", "1");
  for (const each of ["CA_CSI: Report a critical safety incident", "Target   2027-01-02", "Latest   2027-01-04"])
    assert.ok(out.includes(each), each);
  assert.match(out, /2027-01-03 is a Sunday\./);
  assert.match(out, /§ 22757\.13\(c\)\(1\)\. Its own words were read in 2026-11\./);
  assert.match(out, /not legal advice/);
  assert.match(run("SOX_806", "--from", "2026-01-01").out, /but not in its own words/);
});

test("the help lists every duty", () => {
  const { status, out } = run("--help");
  assert.equal(status, 0);
  for (const { id } of builtInDeadlines) assert.match(out, new RegExp(`^  ${id} `, "m"));
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test("an operator's own row and day off", () => {
  const path = file(
    "duties.json",
    JSON.stringify({
      rows: [
        {
          id: "OWN_CHECK",
          title: "Look at the channel",
          triggerText: "the last look",
          jurisdiction: "US-CA",
          actor: "handler",
          scope: "organisation",
          trigger: "last-review",
          amount: 10,
          unit: "day",
          rule: "CA",
          citation: "Our charter, § 4",
          source: { asOf: "2026-11", read: true },
        },
      ],
      holidays: [{ on: "2027-01-04", name: "Closed" }],
    }),
  );
  const { target, latest } = answer("OWN_CHECK", "--from", "2026-12-23", "--file", path);
  assert.deepEqual([target, latest], ["2027-01-02", "2027-01-05"]);
  assert.match(run("OWN_CHECK", "--from", "2026-12-23", "--file", path).out, /the last look/);
});

for (const [what, args, words] of [
  ["an unknown id", ["CA_CS", "--from", "2026-12-18"], /no duty "CA_CS".*CA_CSI,.*SOX_806/],
  ["no day", ["CA_CSI"], /--from YYYY-MM-DD/],
  ["a day that does not exist", ["CA_CSI", "--from", "2026-02-30"], /"2026-02-30".*exists as YYYY-MM-DD/],
  ["a time where days count", ["CA_CSI", "--from", "2026-12-18T10:00:00Z"], /YYYY-MM-DD/],
  ["a time without an offset", ["CA_CSI_24", "--from", "2026-12-18T10:00"], /with Z or an offset/],
  ["a day before 1900", ["CA_CSI", "--from", "1800-01-01"], /1900 to 2999/],
  ["a series past 2999", ["CA_REVIEW", "--from", "2990-01-01", "--repeat", "20"], /1900 to 2999/],
  ["no turns", ["CA_UPDATE", "--from", "2026-01-31", "--repeat", "0"], /from 1 to 120, not "0"/],
  ["too many turns", ["CA_UPDATE", "--from", "2026-01-31", "--repeat", "121"], /from 1 to 120/],
  ["half a turn", ["CA_UPDATE", "--from", "2026-01-31", "--repeat", "1.5"], /from 1 to 120/],
  ["--received elsewhere", ["EU_ACK", "--received", "2026-03-01"], /EU_ACK does not take --received.*EU_FEEDBACK/],
  ["both days", ["EU_FEEDBACK", "--from", "2026-03-01", "--received", "2026-03-01"], /Not both/],
  ["a received day that does not exist", ["EU_FEEDBACK", "--received", "2026-02-29"], /"2026-02-29"/],
  [
    "a file that is not there",
    ["CA_CSI", "--from", "2026-12-18", "--file", "nowhere.json"],
    /cannot read.*nowhere\.json/,
  ],
  [
    "a file that is wrong, with its line",
    ["CA_CSI", "--from", "2026-12-18", "--file", file("wrong.json", '{\n  "profile": "bank"\n}')],
    /Line 2, column 3: "profile" must be one of/,
  ],
] as const)
  test(`${what} is told on stderr, with exit code 1`, () => {
    const { status, out, err } = run(...args);
    assert.deepEqual([status, out], [1, ""]);
    assert.match(err.replaceAll("\n", " "), words);
    assert.doesNotMatch(err, /\bat \S+:\d+|Error:/, "a stack says nothing to a person");
  });
