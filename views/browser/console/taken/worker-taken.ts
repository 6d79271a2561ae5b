/** The keyholder's part in taking a report: code, mailbox and seal are made here, and forgotten once it is stored. */
import type { NewFile } from "../../../../crypto/attachments.ts";
import { toHex } from "../../../../crypto/bytes.ts";
import { flagUrgent } from "../../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import { findMember, readersOf } from "../../../../crypto/roster.ts";
import { hexOf, parseShape, z } from "../../../../crypto/shape.ts";
import { questionnaireShape } from "../../../../data/policy/questionnaire-file.ts";
import { CodeLists } from "../../client/code-lists.ts";
import type { Session } from "../../client/session.ts";
import { startTaking, type Taken, type Taking } from "../../client/taken.ts";
import type { Acts, Told } from "../worker-acts.ts";
import type { SheetWords, TakenCalls, TakenInput, TakenResult, TakingForm, TakingMember } from "./taken-api.ts";

const formShape = z.object({
  questionnaires: z.record(z.string(), z.object({ version: hexOf(32), questionnaire: questionnaireShape })),
  address: z.string(),
  languages: z.array(z.object({ tag: z.string(), name: z.string(), dir: z.enum(["ltr", "rtl"]) })),
});
const sheetShape: z.ZodMiniType<SheetWords> = z.object({
  title: z.string(),
  only: z.string(),
  backTitle: z.string(),
  own: z.string(),
  go: z.string(),
  type: z.string(),
  meansTitle: z.string(),
  can: z.string(),
  others: z.string(),
  seen: z.string(),
});

function memberView({ chain }: Session, id: number): TakingMember {
  const { name, title, roles } = findMember(chain.current, id)!;
  return { id, name, title, roles: [...roles] };
}

async function fetchForm(session: Session): Promise<TakingForm> {
  const told = parseShape(formShape, await session.sendForJson("/taken/form"), "form");
  const roster = session.chain.current;
  return {
    ...told,
    questionnaires: told.questionnaires as TakingForm["questionnaires"],
    rosterHash: toHex(roster.hash),
    channels: roster.channels.map(({ id, name, questionnaire }) => ({
      id,
      name,
      questionnaire,
      readers: readersOf(roster, id, []).map((reader) => memberView(session, reader)),
    })),
    members: roster.members.map(({ id }) => memberView(session, id)),
  };
}

/** The same answers and files are the same report: after a failure it goes out as it was sealed. */
function keyOf({ rosterHash: _roster, files, ...rest }: TakenInput): string {
  return JSON.stringify([rest, files.map(({ name, size, lastModified }) => [name, size, lastModified])]);
}

const fetchSheet = async (session: Session, language: string): Promise<SheetWords> =>
  parseShape(sheetShape, await session.sendForJson(`/taken/sheet/${language}`), "sheet");

/** `asNewFile`: reads a picked file; throws PortalError "missing" when it cannot. */
export function takenActs(
  theSession: () => Session,
  asNewFile: (file: File) => NewFile,
): { [K in keyof TakenCalls]: Acts[K] } {
  const lists = new CodeLists();
  /** On its way, until it is stored. Ends with the lock: its code is nowhere else. */
  let taking: { key: string; taking: Taking; unreadable: string | null } | null = null;

  /** Asked for again before it is stored: the same one. */
  let underway: { key: string; result: Promise<TakenResult> } | null = null;

  const watched = (file: File, onFault: () => void): NewFile => {
    const { read, ...rest } = asNewFile(file);
    return {
      ...rest,
      async *read() {
        try {
          yield* read();
        } catch (cause) {
          onFault();
          throw cause;
        }
      },
    };
  };

  async function begin(input: TakenInput): Promise<NonNullable<typeof taking>> {
    const { rosterHash: _roster, urgent, files, ...report } = input;
    const begun: NonNullable<typeof taking> = { key: keyOf(input), taking: null!, unreadable: null };
    const list = await lists.forNewCode(report.language);
    const read = files.map((file) => watched(file, () => (begun.unreadable = file.name)));
    begun.taking = startTaking({ ...report, session: theSession(), list, files: read, flags: urgent ? flagUrgent : 0 });
    return begun;
  }

  async function send(now: NonNullable<typeof taking>, told: Told): Promise<Taken | null> {
    try {
      return await now.taking.send({
        signal: told.signal,
        onProgress: ({ stored, total }) => told.progress({ done: stored, total }),
      });
    } catch (error) {
      if (now.unreadable === null) throw error;
      return null;
    }
  }

  async function takeOnce(input: TakenInput, told: Told): Promise<TakenResult> {
    const session = theSession();
    const form = await fetchForm(session);
    // What may have been stored already is told by the same bytes only, whatever the list is now.
    if (taking?.key !== keyOf(input)) {
      if (input.rosterHash !== form.rosterHash) return { is: "readersChanged", form };
      taking = await begin(input);
    }
    // Before anything is stored: without the sheet's words there would be nothing to hand over.
    const language = form.languages.find(({ tag }) => tag === input.language);
    if (language === undefined) throw new PortalError("missing", "no such language");
    const sheet = await fetchSheet(session, language.tag);
    const now = taking;
    const result = await send(now, told);
    if (result?.is === "readersChanged") return { is: "readersChanged", form: await fetchForm(session) };
    taking = null;
    if (result === null) return { is: "unreadable", file: now.unreadable! };
    const { words, codeLanguage, readers } = result;
    const receipt = { words, codeLanguage, language, sheet, address: form.address, how: input.how };
    return { is: "stored", receipt: { ...receipt, mine: readers.includes(session.me.id) } };
  }

  return {
    async takingForm() {
      const session = theSession();
      await session.refreshRosters();
      return fetchForm(session);
    },
    async takeReport(input, told) {
      const key = keyOf(input);
      if (underway?.key === key) return underway.result;
      const mine = { key, result: takeOnce(input, told) };
      underway = mine;
      try {
        return await mine.result;
      } finally {
        if (underway === mine) underway = null;
      }
    },
  };
}
