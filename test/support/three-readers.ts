/** A portal with three readers and cases that none of them said anything of yet. */
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { lookForNew } from "../../views/browser/client/grown.ts";
import { deskOf, findByTitle, tell } from "./casework.ts";
import { serveOrganisation, type ServedOrganisation } from "./organisation-server.ts";

export interface Readers {
  served: ServedOrganisation;
  rosa: Desk;
  carl: Desk;
  nia: Desk;
  /** Files one and answers its id once all of them have it; here, unless another portal and its desks are named. */
  newCase(of?: ServedOrganisation, desks?: Desk[]): Promise<string>;
  /** Its title, and the reporter's receipt code. */
  newest(): { title: string; code: string };
}

export async function serveReaders(): Promise<Readers> {
  const served = await serveOrganisation();
  const { members } = served.organisation;
  const [rosa, carl, nia] = await Promise.all([
    deskOf(served, members.rosa.seed),
    deskOf(served, members.carl.seed),
    deskOf(served, members.nia.seed),
  ]);
  let [number, title, code] = [0, "", ""];
  return {
    served,
    rosa,
    carl,
    nia,
    async newCase(of = served, desks = [rosa, carl, nia]) {
      title = `Case ${++number}`;
      code = await tell(of, { title });
      let caseId: string | null = null;
      for (const desk of desks) caseId = await findByTitle(of, desk, title);
      return caseId!;
    },
    newest: () => ({ title, code }),
  };
}

/** What a reader's list says of a case: its gate and title; nothing where it is not there. */
export async function listed(desk: Desk, caseId: string): Promise<string[]> {
  const { listings } = await lookForNew(desk, Infinity);
  return listings.filter((each) => each.caseId === caseId).map(({ gate, title }) => gate + title);
}
