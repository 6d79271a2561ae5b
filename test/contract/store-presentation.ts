import assert from "node:assert/strict";
import { test } from "node:test";
import type { PresentationFile } from "../../server/ports.ts";
import { random, versionsInTurn } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

const plenty = 1_000_000;

function file(name: string, version: number, bytes = random(20)): PresentationFile {
  return { name, version, bytes, day: 20_000 + version };
}

export function presentationContract(openStore: StoreFactory): void {
  test("the newest version of each file is listed, by name", async (t) => {
    const store = await openStore(t);
    assert.deepEqual(await store.listPresentation(), []);
    const files = [file("theme", 1), file("logo", 1), file("theme", 2, new Uint8Array())];
    for (const each of files) assert.equal(await store.putPresentation([each], plenty), "stored");
    assert.deepEqual(await store.listPresentation(), [files[1], files[2]]);
  });

  for (const [what, versions, outcomes] of versionsInTurn)
    test(`a file is saved ${what}`, async (t) => {
      const store = await openStore(t);
      const files = versions.map((version) => file("texts-en", version));
      const answers: string[] = [];
      for (const each of files) answers.push(await store.putPresentation([each], plenty));
      assert.deepEqual(answers, outcomes);
      const stored = files.filter((_, i) => outcomes[i] === "stored").at(-1);
      assert.deepEqual(await store.listPresentation(), stored === undefined ? [] : [stored]);
    });

  test("of two who save the same version at once one is told of the other", async (t) => {
    const store = await openStore(t);
    const answers = await Promise.all(
      [1, 1, 1, 1].map((version) => store.putPresentation([file("portal", version)], plenty)),
    );
    assert.deepEqual(answers.toSorted(), ["conflict", "conflict", "conflict", "stored"]);
  });

  test("files that are saved together are all saved or none", async (t) => {
    const store = await openStore(t);
    const [texts, questions] = [file("texts-en", 1), file("questionnaire-own", 1)];
    assert.equal(await store.putPresentation([texts, questions], plenty), "stored");
    assert.equal(await store.putPresentation([file("texts-en", 2), file("questionnaire-own", 1)], plenty), "conflict");
    assert.deepEqual(await store.listPresentation(), [questions, texts]);
  });

  test("all versions together keep to the room there is", async (t) => {
    const store = await openStore(t);
    assert.equal(await store.putPresentation([file("theme", 1, random(60))], 100), "stored");
    assert.equal(await store.putPresentation([file("theme", 2, random(41))], 100), "full");
    assert.equal(await store.putPresentation([file("logo", 1, random(40))], 100), "stored");
    assert.equal((await store.listPresentation()).find(({ name }) => name === "theme")?.version, 1);
  });

  test("a questionnaire is found by its version for good, as it was first kept", async (t) => {
    const store = await openStore(t);
    const [one, two] = ["1".repeat(64), "2".repeat(64)];
    await store.putQuestionnaires([{ version: one, text: "first" }]);
    await store.putQuestionnaires([
      { version: one, text: "other" },
      { version: two, text: "second" },
    ]);
    assert.equal(await store.findQuestionnaire(one), "first");
    assert.equal(await store.findQuestionnaire(two), "second");
    assert.equal(await store.findQuestionnaire("3".repeat(64)), null);
  });
}
