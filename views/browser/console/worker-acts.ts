/** What the keyholder does for the page, call by call. Keys, token and envelopes stay in here. */
import type { NewFile } from "../../../crypto/attachments.ts";
import { fromHex, toHex } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { findFile, openAttachment } from "../client/case-files.ts";
import { AskedQuestions } from "../client/asked.ts";
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import { setReminder, writeAct } from "../client/case-acts.ts";
import { viewDuties } from "../client/case-duties.ts";
import { askOffice, logPosted, remind } from "./worker-duties.ts";
import { channelOf, viewCase, type CaseView } from "../client/case-view.ts";
import { decide, deleteCase, prepare, reply, summarise, writeNote, type Prepared } from "../client/case-writing.ts";
import { listCases, newDesk, openCase, syncFeed, type Desk, type OpenCase } from "../client/casework.ts";
import { planExport, streamExport, type CaseFile, type ExportChoices } from "../client/export.ts";
import type { Api } from "../client/http.ts";
import { fetchPortal } from "../client/portal.ts";
import { fetchPresentation, fetchWords, savePresentation } from "../client/presentation.ts";
import { Session, unlockKeyFile, unlockRecoveryWords, type Unlocked } from "../client/session.ts";
import { loadWords, type Translate } from "../i18n.ts";
import type {
  CallName,
  Credentials,
  Identity,
  Input,
  Output,
  Progress,
  Refusal,
  SeenRosters,
} from "./keyholder-api.ts";
import { counted, deliver } from "./worker-streams.ts";

/** Given to every act: how to tell of progress, and when to stop. */
export interface Told {
  progress(progress: Progress): void;
  signal: AbortSignal;
}
export type Acts = { [K in CallName]: (input: Input<K>, told: Told) => Promise<Output<K>> };

const sliceBytes = 1024 * 1024;

function asNewFile(file: File): NewFile {
  return {
    name: file.name,
    type: file.type,
    size: file.size,
    async *read() {
      for (let at = 0; at < file.size; at += sliceBytes) {
        try {
          yield new Uint8Array(await file.slice(at, at + sliceBytes).arrayBuffer());
        } catch (cause) {
          throw new PortalError("missing", "a file cannot be read any more", { cause });
        }
      }
    },
  };
}

class Refused extends Error {
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(why);
    this.why = why;
  }
}

/** Runs one step of signing in; codes that mean something to the person become a refusal. */
async function step<T>(work: () => T | Promise<T>, meanings: Partial<Record<string, Refusal>>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof PortalError ? meanings[error.code] : undefined;
    throw why === undefined ? error : new Refused(why);
  }
}

async function unlockWith(credentials: Credentials): Promise<Unlocked> {
  switch (credentials.by) {
    case "file": {
      const bytes = new Uint8Array(await credentials.file.slice(0, 64 * 1024).arrayBuffer());
      const meanings = { forged: "passphrase", format: "notKeyFile", refused: "notKeyFile" } as const;
      return step(() => unlockKeyFile(bytes, credentials.passphrase), meanings);
    }
    case "words":
      return step(() => unlockRecoveryWords(credentials.words), { format: "words" });
  }
}

async function signIn(api: Api, credentials: Credentials, seen: SeenRosters): Promise<Session> {
  const unlocked = await unlockWith(credentials);
  const { seeds } = unlocked;
  // Paper names no portal: the one that answers then says which, and what was seen of it before must still hold.
  const portalId = unlocked.portalId ?? (await fetchPortal(api)).portalId;
  const hash = portalId === null ? undefined : seen[toHex(portalId)];
  const known = hash === undefined ? undefined : fromHex(hash, 32);
  const portal = await step(() => fetchPortal(api, portalId ?? undefined, known), { forged: "otherPortal" });
  const { chain } = portal;
  if (chain === null) throw new Refused("noRoster");
  return step(() => Session.begin(api, chain, seeds), { refused: "notOnRoster" });
}

function identityOf({ me, chain }: Session): Identity {
  const { organisation, trial, expires, hash } = chain.current;
  const { id, name, title, roles } = me;
  const mayExport = roles.includes("counsel");
  const known = { portalId: toHex(chain.portalId), rosterHash: toHex(hash) };
  return { id, name, title, roles: [...roles], organisation, trial, expires, mayExport, ...known };
}

/** `unlocked` is called once, with what locking must do and how long idling may last. */
export function makeActs(api: Api, unlocked: (session: Session, idleMinutes: number) => void, lock: () => void): Acts {
  let desk: Desk | null = null;
  let t: Translate | null = null;
  /** As the operator set them; the page brings them. */
  let duties: DutiesFile | null = null;
  /** Cases as they were last read and verified; downloads and exports are taken from these. */
  const open = new Map<string, OpenCase>();
  let planned: { file: CaseFile; of: OpenCase; choices: ExportChoices } | null = null;
  /** Files of a reply or note that was not stored yet, by what they were made for. */
  const prepared = new Map<string, Prepared>();

  const theDesk = (): Desk => {
    if (desk === null) throw new PortalError("refused", "locked");
    return desk;
  };
  const theCase = async (caseId: string): Promise<OpenCase> =>
    open.get(caseId) ?? keep(await openCase(theDesk(), caseId));
  const keep = (now: OpenCase): OpenCase => {
    open.set(now.listing.caseId, now);
    return now;
  };
  const asked = new AskedQuestions(api);
  const askedOf = (now: OpenCase): [version: string | null, id: string] => [
    now.report.content.asked ?? null,
    channelOf(theDesk().session.chain, now).questionnaire,
  ];
  const show = (now: OpenCase): CaseView => {
    const looking = { duties, now: Date.now() };
    const view = viewCase(theDesk().session.chain, keep(now), asked.known(...askedOf(now)), looking);
    // The server's date may lag behind; who cannot set it now sets it the next time.
    void remind(theDesk(), now, view.duties).catch(() => {});
    return view;
  };

  /** The same text and files after a failure are the same reply: it is neither uploaded nor sent twice. */
  const prepareOnce = async (
    what: string,
    caseId: string,
    text: string,
    files: File[],
    told: Told,
  ): Promise<[string, Prepared]> => {
    const key = JSON.stringify([what, caseId, text, files.map((file) => [file.name, file.size, file.lastModified])]);
    const ready = prepared.get(key);
    if (ready !== undefined) return [key, ready];
    const { caseId: id } = await theCase(caseId);
    const made = await prepare(theDesk(), id, files.map(asNewFile), {
      signal: told.signal,
      onProgress: ({ stored, total }) => told.progress({ done: stored, total }),
    });
    prepared.set(key, made);
    return [key, made];
  };

  /** The case with the date that the server now has of it. */
  const reminded = async (of: OpenCase): Promise<OpenCase> => {
    const { next, second } = viewDuties(theDesk().session.chain, of, duties, Date.now());
    const changed = await remind(theDesk(), of, { next, second }).catch(() => false);
    return changed ? openCase(theDesk(), of.listing.caseId) : of;
  };

  /** What was written is stored by then: a summary that fails comes with the next change. */
  const summed = async (caseId: string, viewed: number, written: OpenCase): Promise<CaseView> => {
    try {
      return show(await reminded(await summarise(theDesk(), caseId, viewed)));
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return show(written);
    }
  };

  /** Among the notes, before the first byte leaves: no export that the other readers cannot see. */
  const logExport = async (file: CaseFile, of: OpenCase, choices: ExportChoices): Promise<void> => {
    if (t === null || of.team.state === "notMine" || of.team.state === "damaged") return;
    const { caseId } = of.listing;
    const yes = (on: boolean): string => t!(on ? "console:export.yes" : "console:export.no");
    const values = { notes: yes(choices.notes), names: yes(choices.originalNames), digest: file.digest };
    const empty = await prepare(theDesk(), of.caseId, []);
    keep(await writeNote(theDesk(), caseId, t("console:export.logged", values), empty));
  };

  return {
    async unlock({ credentials, seen, page, idleMinutes }) {
      try {
        const session = await signIn(api, credentials, seen);
        desk = newDesk(session);
        t = await loadWords(page);
        duties = page.data["duties"] ?? null;
        unlocked(session, idleMinutes);
        return { is: "in", me: identityOf(session) };
      } catch (error) {
        if (error instanceof Refused) return { is: "refused", why: error.why };
        throw error;
      }
    },
    async list() {
      const now = theDesk();
      await syncFeed(now);
      const listings = await listCases(now);
      return { me: identityOf(now.session), listings, damaged: now.damaged };
    },
    async open({ caseId }) {
      const now = await openCase(theDesk(), caseId);
      await asked.find(...askedOf(now));
      return show(now);
    },
    async reply({ caseId, text, files, viewed, duty, updateBy, ...said }, told) {
      const [key, made] = await prepareOnce("reply", caseId, text, files, told);
      const promised = updateBy === null ? {} : { updateBy };
      const content = { text, ...said, ...promised, ...(duty === null ? {} : { duty: duty.is }) };
      let written = await reply(theDesk(), caseId, content, made);
      if (duty !== null) written = await logPosted(theDesk(), written, made.envId, duty, said.day);
      prepared.delete(key);
      return summed(caseId, viewed, written);
    },
    async act({ caseId, draft, visible, files, viewed }, told) {
      const [key, made] = await prepareOnce("act", caseId, JSON.stringify(draft), files, told);
      const written = await writeAct(theDesk(), caseId, draft, visible, made);
      prepared.delete(key);
      return summed(caseId, viewed, written);
    },
    async setSecond({ caseId, second }) {
      const of = await openCase(theDesk(), caseId);
      await setReminder(theDesk(), of, viewDuties(theDesk().session.chain, of, duties, Date.now()).next, second);
      return show(await openCase(theDesk(), caseId));
    },
    async office(call) {
      return askOffice(theDesk().session, call);
    },
    async note({ caseId, text, files, viewed }, told) {
      const [key, made] = await prepareOnce("note", caseId, text, files, told);
      const written = await writeNote(theDesk(), caseId, text, made);
      prepared.delete(key);
      return summed(caseId, viewed, written);
    },
    async decide({ caseId, viewed, ...decision }) {
      return summed(caseId, viewed, await decide(theDesk(), caseId, decision));
    },
    async deleteCase({ caseId }) {
      const deletion = await deleteCase(theDesk(), caseId);
      open.delete(caseId);
      return deletion;
    },
    async markRead({ caseId, viewed }) {
      return show(await summarise(theDesk(), caseId, viewed));
    },
    async checkFile(place, { progress, signal }) {
      const now = await theCase(place.caseId);
      const { size } = findFile(now, place).file;
      const bytes = openAttachment(theDesk(), now, place, signal);
      for await (const _ of counted(bytes, (done) => progress({ done, total: size }), signal));
      return null;
    },
    async saveFile({ port, ...place }, { progress, signal }) {
      const now = await theCase(place.caseId);
      const { size } = findFile(now, place).file;
      const bytes = openAttachment(theDesk(), now, place, signal);
      return deliver(
        counted(bytes, (done) => progress({ done, total: size }), signal),
        port,
      );
    },
    async planExport({ caseId, choices, today }) {
      const session = theDesk().session;
      if (!identityOf(session).mayExport || t === null) throw new PortalError("refused", "only counsel exports");
      const of = keep(await openCase(theDesk(), caseId));
      const file = planExport(theDesk(), of, choices, t, today);
      planned = { file, of, choices };
      const { fileName, length, publicKey, digest } = file;
      return { fileName, length, publicKey, digest };
    },
    async saveExport({ port }, { progress, signal }) {
      if (planned === null) throw new PortalError("missing", "nothing was prepared");
      const { file, of, choices } = planned;
      await logExport(file, of, choices);
      const bytes = iterate(streamExport(theDesk(), of, file, signal));
      return deliver(
        counted(bytes, (done) => progress({ done, total: file.length }), signal),
        port,
      );
    },
    async presentation() {
      return fetchPresentation(theDesk().session);
    },
    async presentationWords({ language }) {
      return fetchWords(theDesk().session, language);
    },
    async savePresentation({ files }) {
      return savePresentation(theDesk().session, files);
    },
    async lock() {
      lock();
      return null;
    },
  };
}

/** Safari's streams are not iterable. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
