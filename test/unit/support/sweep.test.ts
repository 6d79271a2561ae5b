import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { formsOf, sweep } from "../../support/sweep.ts";

const plant = "Zoë's plant? 7<8>9 ~ über/ÿÿÿ";
const folder = mkdtempSync(join(tmpdir(), "tellhaven-sweep-"));
after(() => rmSync(folder, { recursive: true }));

const noise = Buffer.alloc(1000, 0xa7);

/** Written independently of formsOf: what software would have written, with something around it. */
const written: [encoding: string, text: Buffer][] = [
  ["UTF-8", Buffer.from(plant)],
  ["UTF-16LE", Buffer.from(plant, "utf16le")],
  ["UTF-16BE", Buffer.from(plant.split("").flatMap((unit) => [unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 255]))],
  ["hex", Buffer.from(Buffer.from(`x${plant}y`).toString("hex"))],
  ["HEX", Buffer.from(Buffer.from(`x${plant}y`).toString("hex").toUpperCase())],
  ...["", "x", "xy", "xyz", "xyza"].flatMap((before) =>
    ["", "q", "qr"].flatMap((behind): [string, Buffer][] => {
      const text = Buffer.from(before + plant + behind);
      const after3 = `after ${String(before.length % 3)} mod 3 bytes`;
      return [
        [`base64 ${after3}`, Buffer.from(text.toString("base64"))],
        [`base64url ${after3}`, Buffer.from(text.toString("base64url"))],
      ];
    }),
  ),
  ["URL", Buffer.from(encodeURIComponent(plant))],
  [
    "URL in lower case",
    Buffer.from(encodeURIComponent(plant).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())),
  ],
  ["URL form", Buffer.from(new URLSearchParams({ field: plant }).toString())],
];

for (const [i, [encoding, text]] of written.entries())
  test(`${encoding} is found (${String(i)})`, async () => {
    const bytes = Buffer.concat([noise, text, noise]);
    const { hits } = await sweep([plant], [{ label: "memory", bytes }]);
    assert.ok(
      hits.some((hit) => hit.encoding === encoding && hit.place === "memory"),
      JSON.stringify(hits),
    );
  });

test("JSON is found", async () => {
  const quoted = 'say "hello"\nto me';
  const { hits } = await sweep([quoted], [{ label: "memory", bytes: Buffer.from(JSON.stringify({ quoted })) }]);
  assert.deepEqual(
    hits.map((hit) => hit.encoding),
    ["JSON"],
  );
});

test("what is not there is not found", async () => {
  const others = Buffer.concat(written.map(([, text]) => text));
  const { hits, bytes } = await sweep(["Another plant altogether"], [{ label: "memory", bytes: others }]);
  assert.deepEqual(hits, []);
  assert.equal(bytes, others.length);
});

test("a plant across chunks of a big file is found at its offset, in folders below", async () => {
  const offset = 4 * 1024 * 1024 - 5;
  const deep = join(folder, "a/b");
  mkdirSync(deep, { recursive: true });
  writeFileSync(
    join(deep, "big"),
    Buffer.concat([Buffer.alloc(offset, 1), Buffer.from(plant), Buffer.alloc(5_000_000)]),
  );
  const { hits, files } = await sweep([plant], [folder]);
  assert.deepEqual(hits, [{ plant, encoding: "UTF-8", place: join(deep, "big"), offset }]);
  assert.equal(files, 1);
});

test("a plant in the name of a file is found", async () => {
  const named = join(folder, "named");
  mkdirSync(named);
  writeFileSync(join(named, "payroll-2031.xlsx"), "");
  symlinkSync("/nowhere", join(named, "link"));
  const { hits } = await sweep(["payroll-2031"], [named]);
  assert.equal(hits[0]?.place, `name of ${join(named, "payroll-2031.xlsx")}`);
});

test("each plant is reported in each place", async () => {
  const bytes = Buffer.from("first plant, second plant");
  const places = ["one", "two"].map((label) => ({ label, bytes }));
  const { hits } = await sweep(["first plant", "second plant"], places);
  assert.deepEqual(
    hits.map(({ plant: found, place }) => `${found} in ${place}`),
    ["first plant in one", "second plant in one", "first plant in two", "second plant in two"],
  );
});

test("an absent place is an error, not a clean sweep", async () => {
  await assert.rejects(sweep([plant], [join(folder, "absent")]), { code: "ENOENT" });
});

test("a plant that chance could write is refused", () => {
  assert.throws(() => formsOf("abcde"), /too short/);
});
