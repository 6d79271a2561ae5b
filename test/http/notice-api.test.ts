/** The notice's own file and its routes: who may, what is kept, and that it lies apart and says nothing by itself. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Database from "better-sqlite3";
import { readConfig } from "../../server/config.ts";
import { openContext } from "../../server/main.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";
import { startTestPortal } from "../support/server.ts";
import { sweep } from "../support/sweep.ts";

interface Person {
  id: string;
  ref: string;
  notices: { version: number; sentOn: string; acknowledgedOn: string | null }[];
  reminders: { kind: string; due: string; when: string }[];
}

const person = { ref: "Perpetua Planted", since: "2026-01-15", remote: false, removedOn: null };
const today = (): string => new Date().toISOString().slice(0, 10);
const posting = {
  place: "Corridor by the planted lift",
  version: 1,
  postedOn: today(),
  checkedOn: today(),
  by: "Quentin Planted",
  photoSha256: "ab".repeat(32),
  removedOn: null,
};

describe("the notice's roster", () => {
  let served: ServedOrganisation;
  let operator: string;

  before(async () => {
    served = await serveOrganisation();
    operator = await served.signIn(served.organisation.members.olu);
  });
  after(() => served?.portal.discard());

  const as = (authorization: string, method: string, path: string, body?: object): Promise<Answer> =>
    ask(served.portal.consoleUrl, method, path, body, { authorization });
  const office = (method: string, path: string, body?: object): Promise<Answer> => as(operator, method, path, body);
  const desk = async (): Promise<Record<string, unknown>> => (await office("GET", "/notices")).json!;
  const people = async (): Promise<Person[]> => (await desk())["people"] as Person[];
  const find = async (ref: string): Promise<Person> => (await people()).find((each) => each.ref === ref)!;

  const routes: [string, string, object?][] = [
    ["GET", "/notices"],
    ["GET", "/notices/text"],
    ["POST", "/notices/versions", { sha256: "00".repeat(32) }],
    ["POST", "/notices/people", person],
    ["PUT", `/notices/people/${"00".repeat(16)}`, person],
    ["POST", "/notices/sent", { ids: ["00".repeat(16)], version: 1, on: "2026-01-01" }],
    ["POST", "/notices/acknowledged", { ids: ["00".repeat(16)], version: 1, on: "2026-01-01" }],
    ["POST", "/notices/import", { csv: "name\nA\n" }],
    ["GET", "/notices/people.csv"],
    ["GET", "/notices/acknowledgements.csv"],
    ["POST", "/notices/postings", posting],
    ["PUT", `/notices/postings/${"00".repeat(16)}`, posting],
    ["DELETE", `/notices/records/${"00".repeat(16)}`],
  ];

  test("reviewers, recovery members, the charter holder and strangers are refused everywhere; counsel is not", async () => {
    const { rosa, paper, carl } = served.organisation.members;
    const others = [
      await served.signIn(rosa),
      await served.signIn(paper),
      await served.signIn("charter"),
      "Bearer x",
      "",
    ];
    for (const [method, path, body] of routes)
      for (const [i, authorization] of others.entries()) {
        const { status } = await as(authorization, method, path, body);
        // What is no token is malformed before it is refused.
        assert.ok(status === 403 || (i >= 3 && status === 400), `${method} ${path} as ${String(i)}: ${String(status)}`);
      }
    assert.deepEqual(await people(), []);
    assert.equal((await as(await served.signIn(carl), "GET", "/notices")).status, 200);
  });

  test("a version, a person, what they got and confirmed, a place", async () => {
    const { current } = (await desk()) as { current: { sha256: string; epoch: number } };
    assert.equal(current.epoch, 2);
    assert.deepEqual((await office("POST", "/notices/versions", { sha256: current.sha256 })).json, { number: 1 });
    const { bytes } = await office("GET", "/notices/text");
    assert.equal(createHash("sha256").update(bytes).digest("hex"), current.sha256, "what was published can be kept");
    assert.ok(Buffer.from(bytes).toString().includes(served.organisation.contents[1]!.organisation));
    assert.equal((await office("POST", "/notices/people", person)).status, 201);
    assert.equal((await office("POST", "/notices/people", { ...person, ref: "PERPETUA planted" })).status, 409);
    let known = await find(person.ref);
    assert.deepEqual(known.reminders.map(({ kind }) => kind).includes("never"), true);

    const sent = { ids: [known.id], version: 1, on: today() };
    assert.equal((await office("POST", "/notices/sent", { ...sent, on: "2026-01-02" })).status, 400, "no version yet");
    assert.equal((await office("POST", "/notices/sent", sent)).status, 200);
    known = await find(person.ref);
    assert.deepEqual(known.notices, [{ version: 1, sentOn: today(), acknowledgedOn: null }]);
    assert.ok(known.reminders.some(({ kind, when }) => kind === "unacknowledged" && when === "soon"));

    assert.equal((await office("POST", "/notices/acknowledged", sent)).status, 200);
    known = await find(person.ref);
    assert.deepEqual(known.notices, [{ version: 1, sentOn: today(), acknowledgedOn: today() }]);
    assert.deepEqual(known.reminders, []);

    const { json } = await office("POST", "/notices/postings", posting);
    const seen = { ...posting, by: "Petra Planted" };
    assert.equal((await office("PUT", `/notices/postings/${String(json!["id"])}`, seen)).status, 200);
    const stale = { ...seen, checkedOn: today(), was: posting };
    assert.equal((await office("PUT", `/notices/postings/${String(json!["id"])}`, stale)).status, 409, "not seen yet");
    assert.equal((await office("PUT", `/notices/postings/${String(json!["id"])}`, { ...seen, was: seen })).status, 200);
    const [kept] = (await desk())["postings"] as (typeof posting & { id: string; is: string })[];
    assert.deepEqual(kept, { ...seen, is: "posting", id: json!["id"] });
    const csv = Buffer.from((await office("GET", "/notices/acknowledgements.csv")).bytes).toString();
    assert.equal(
      csv,
      `\ufeff"name","notice","sent","acknowledged"\r\n"${person.ref}","1","${today()}","${today()}"\r\n`,
    );
  });

  const id = "00".repeat(16);
  const refused: [what: string, method: string, path: string, body: object | undefined, status: number][] = [
    ["a person without a name", "POST", "/notices/people", { ...person, ref: "" }, 400],
    ["a name of spaces", "POST", "/notices/people", { ...person, ref: "  " }, 400],
    ["a day that there is not", "POST", "/notices/people", { ...person, ref: "B", since: "2026-02-30" }, 400],
    ["a field that is not known", "POST", "/notices/people", { ...person, ref: "B", boss: "C" }, 400],
    ["nobody", "PUT", `/notices/people/${id}`, { ...person, ref: "B" }, 404],
    ["sending to nobody", "POST", "/notices/sent", { ids: [id], version: 1, on: today() }, 404],
    ["sending to no one at all", "POST", "/notices/sent", { ids: [], version: 1, on: today() }, 400],
    ["a version that there is not", "POST", "/notices/postings", { ...posting, version: 2 }, 404],
    ["a day to come", "POST", "/notices/postings", { ...posting, checkedOn: "2999-01-01" }, 400],
    ["a photo's hash that is cut", "POST", "/notices/postings", { ...posting, photoSha256: "ab" }, 400],
    ["no such place", "PUT", `/notices/postings/${id}`, posting, 404],
    ["no such record", "DELETE", `/notices/records/${id}`, undefined, 404],
  ];
  for (const [what, method, path, body, status] of refused)
    test(`refused: ${what}`, async () => assert.equal((await office(method, path, body)).status, status));

  test("a confirmation of a day to come is refused, and of two people of whom one is unknown nothing is written", async () => {
    const known = await find(person.ref);
    const before = await desk();
    const of = { ids: [known.id], version: 1, on: "2999-01-01" };
    assert.equal((await office("POST", "/notices/acknowledged", of)).status, 400);
    assert.equal((await office("POST", "/notices/sent", { ...of, ids: [known.id, id], on: today() })).status, 404);
    assert.deepEqual(await desk(), before);
  });

  test("a file of people is taken whole or not at all, and comes back as it is", async () => {
    const before = await desk();
    const bad = await office("POST", "/notices/import", { csv: "name,since\nAda,2026-05-01\nBela,2026-13-01\n" });
    assert.equal(bad.status, 400);
    assert.deepEqual(bad.json, {
      error: "format",
      problems: [{ line: 3, key: "noticedesk:csv.day", values: { column: "since", value: "2026-13-01" } }],
    });
    assert.deepEqual(await desk(), before);

    const csv = `name,since,remote,removed\n"=HYPERLINK(""x"")",2026-05-01,yes,\n${person.ref},2026-01-16,no,\n`;
    assert.deepEqual((await office("POST", "/notices/import", { csv })).json, { added: 1, changed: 1 });
    const known = await find(person.ref);
    assert.equal(known.notices.length, 1, "what was written down stays");
    const exported = Buffer.from((await office("GET", "/notices/people.csv")).bytes).toString();
    assert.ok(exported.includes(`"'=HYPERLINK(""x"")"`), exported);
    assert.deepEqual((await office("POST", "/notices/import", { csv: exported })).json, { added: 0, changed: 2 });
    const evil = await find('=HYPERLINK("x")');
    assert.equal((await office("DELETE", `/notices/records/${evil.id}`)).status, 204);
    assert.equal((await people()).length, 1);
  });

  test("a stolen file shows no name, no place, no day and no kind; the other files hold nothing of it", async () => {
    const folder = served.portal.dataDir;
    const plants = [
      person.ref,
      posting.place,
      posting.by,
      "Petra Planted",
      posting.photoSha256,
      "2026-01-16",
      "acknowledgedOn",
      "posting",
    ];
    const { hits, files, bytes } = await sweep(plants, [folder]);
    assert.deepEqual(hits, []);
    assert.ok(files > 3 && bytes > 10_000);
    const db = new Database(join(folder, "notices.sqlite"), { readonly: true });
    const rows = db.prepare("SELECT length(sealed) FROM records").pluck().all();
    db.close();
    assert.ok(rows.length === 3 && new Set(rows).size === 1, "rows look alike");
    assert.deepEqual(
      (await sweep([person.ref], [{ label: "log", bytes: Buffer.from(served.portal.lines.join()) }])).hits,
      [],
    );
  });

  test("what was written down is there after a restart; under another key the portal does not start", async () => {
    const before = await desk();
    const dataDir = served.portal.dataDir;
    await served.portal.close();
    const env = { DATA_DIR: dataDir, KEYRING_KEY: "11".repeat(32), PORT: "0", CONSOLE_PORT: "0" };
    const { config, secrets } = readConfig(env);
    await assert.rejects(openContext(config, secrets), { code: "refused" });
    const again = await startTestPortal({}, { dataDir });
    try {
      assert.deepEqual(again.context.notices.versions(), before["versions"]);
      assert.deepEqual(
        again.context.notices.people().map(({ ref }) => ref),
        [person.ref],
      );
    } finally {
      await again.close();
    }
    assert.ok((await readFile(join(dataDir, "notices.sqlite"))).length > 0);
  });
});
