/** Case files in the keyholder: planned from cases that were read anew, kept until they are saved. */
import { fromHex, toHex } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import type { ExportChoices } from "../../../../crypto/export-acts.ts";
import { writeAct, type ActDraft } from "../../client/case-acts.ts";
import { fetchCaseProofs, type CaseProofs } from "../../client/case-proofs.ts";
import { personOf } from "../../client/case-view.ts";
import { prepare } from "../../client/case-writing.ts";
import type { OpenCase } from "../../client/casework.ts";
import { approvalFile, isSame, mayApprove, signApproval, signedActsIn } from "../../client/casefile/approval.ts";
import { checkRecipient, sealedLength, sealToAge, type AgeRecipient } from "../../client/casefile/age.ts";
import { extentOf, teamEntries, upTo } from "../../client/casefile/case-documents.ts";
import { hasSameMarks } from "../../client/casefile/marks.ts";
import { requestOf, requestsIn, type ApprovalRequest } from "../../client/casefile/requests.ts";
import { checkForLeaks, type LeakReport } from "../../client/casefile/leak-check.ts";
import { planCaseFile, streamCaseFile, withSignatures, type CaseFile } from "../../client/casefile/package.ts";
import type { Press } from "../../client/casefile/press.ts";
import type { Searcher } from "../../client/casefile/searcher.ts";
import { stampCaseFile, stampNames } from "../../client/casefile/timestamp.ts";
import { fileOf, type TagFile } from "../../client/bag.ts";
import type { Desk } from "../../client/held-cases.ts";
import { headOf } from "../../client/log.ts";
import type { Translate } from "../../i18n.ts";
import { newId } from "../new-id.ts";
import { counted, deliver, iterate } from "../worker-streams.ts";
import type { Acts, Told } from "../worker-acts.ts";
import type { CaseFileCalls, CaseFilePlan } from "./casefile-api.ts";

interface Host {
  theDesk(): Desk;
  /** Fetched and verified anew; refused unless its member said "no conflict". */
  read(caseId: string): Promise<OpenCase>;
  keep(now: OpenCase): void;
  words(): Translate;
  /** Makes PDFs where no key is. */
  startPress(): Press;
  /** Reads what strangers sent where no key is. */
  startSearcher(texts: readonly string[]): Searcher;
  /** Looks for what is new, and reads every case that was not read as it is now. */
  lookAtAll(): Promise<void>;
}

interface Planned {
  file: CaseFile;
  cases: readonly OpenCase[];
  choices: ExportChoices;
  dated: string;
  /** Of the log, as far as its proofs lead; "": no extract was chosen. */
  checkpoint: string;
  /** That it was made again from; null: it was planned anew. */
  request: ApprovalRequest | null;
  check: LeakReport;
}

/** What will be saved: with its signatures, and to whom it is sealed. */
interface Ready {
  of: Planned;
  file: CaseFile;
  recipient: AgeRecipient | null;
}

export interface CaseFileActs {
  acts: Pick<Acts, keyof CaseFileCalls>;
  /** A case that was read: requests name no other case, so the others are found by what was read of them. */
  saw(open: OpenCase): void;
  /** Nothing of a case stays that is not this member's any more. */
  forget(caseId: string): void;
}

export function makeCaseFileActs({
  theDesk,
  read,
  keep,
  words,
  startPress,
  startSearcher,
  lookAtAll,
}: Host): CaseFileActs {
  let planned: Planned | null = null;
  let ready: Ready | null = null;
  /** Hex ids of the cases in which a request stands, by its id and its writer: others may write the same id elsewhere. */
  const asked = new Map<string, Set<string>>();

  /** What was planned before is nothing to be saved any more. */
  const drop = (): void => {
    planned = null;
    ready = null;
  };
  const thePlan = (): Planned => {
    if (planned === null) throw new PortalError("missing", "nothing was prepared");
    return planned;
  };

  async function readAll(ids: readonly string[], signal: AbortSignal): Promise<OpenCase[]> {
    const cases: OpenCase[] = [];
    for (const id of ids) {
      signal.throwIfAborted();
      cases.push(await read(id));
    }
    return cases;
  }

  type Order = Pick<Planned, "cases" | "choices" | "dated" | "request"> & { dir: "ltr" | "rtl" };

  async function make({ cases, choices, dated, dir, request }: Order, { progress, signal }: Told): Promise<Planned> {
    const desk = theDesk();
    const size =
      request === null || request.checkpoint === "" ? null : headOf(request.checkpoint, desk.session.chain).size;
    const proofs = choices.log ? await allProofs(desk, cases, size) : null;
    // Whoever stopped it while the log was asked is not heard by a press that begins now.
    signal.throwIfAborted();
    const press = startPress();
    signal.addEventListener("abort", press.stop);
    try {
      const file = await planCaseFile(desk, {
        cases,
        choices,
        proofs,
        today: dated,
        by: request?.by ?? desk.session.me.id,
        dir,
        t: words(),
        print: (order) => press.print(order),
        progress: (done, total) => progress({ done, total }),
      });
      const tell = (done: number, total: number): void =>
        progress({ done, total, label: "production:leaks.searching" });
      const check = await checkForLeaks(desk, { file, cases }, startSearcher, tell, signal);
      return { file, cases, choices, dated, checkpoint: proofs?.[0]?.conversation.checkpoint ?? "", request, check };
    } finally {
      signal.removeEventListener("abort", press.stop);
      press.stop();
    }
  }

  /** @throws PortalError "refused" while what was left out still stands in it */
  function requireClean({ check }: Planned): void {
    if (check.leaks.length > 0) throw new PortalError("refused", "what was left out still stands in it");
  }

  function planOf({ file, cases, check }: Planned): CaseFilePlan {
    const { chain, me } = theDesk().session;
    const { fileName, length, publicKey, digest, counts } = file;
    const others = (cases[0]?.readers ?? []).filter((id) => id !== me.id);
    const approvers = others
      .filter((id) => cases.every((of) => mayApprove(chain, of, id)))
      .map((id) => personOf(chain, id));
    return {
      fileName,
      length,
      publicKey,
      digest,
      counts,
      check,
      damagedNotes: cases.flatMap(damagedNotesOf),
      cases: cases.map(({ listing }) => listing.name),
      approvers: chain.current.settings.approval === true ? approvers : null,
    };
  }

  /** Writes an act into every case that is in it; each is told of itself only. */
  async function tellAll(cases: readonly OpenCase[], draftFor: (of: OpenCase) => ActDraft): Promise<void> {
    for (const of of cases) {
      const empty = await prepare(theDesk(), of.caseId, []);
      const now = await writeAct(theDesk(), of.listing.caseId, draftFor(of), {}, empty);
      keep(now);
      saw(now);
    }
  }

  const about = ({ file, choices, dated }: Planned, of: OpenCase) =>
    ({ dated, extent: extentOf(of), choices, digest: file.digest }) as const;

  function saw(open: OpenCase): void {
    for (const { act, by } of signedActsIn(open)) {
      if (act.act !== "askExport") continue;
      const key = keyOf({ id: act.id, by });
      asked.set(key, (asked.get(key) ?? new Set()).add(open.listing.caseId));
    }
  }

  /** Its approval, where one is asked for. @throws PortalError when what was written since speaks against saving it */
  async function approvalOf({ file, cases, choices, request }: Planned, signal: AbortSignal): Promise<TagFile[]> {
    const { chain, me } = theDesk().session;
    if (request === null && chain.current.settings.approval === true)
      throw new PortalError("refused", "another reader has to approve it first");
    if (request !== null && request.by !== me.id) throw new PortalError("refused", "whoever asked saves it");
    const now = await readAll(idsOf(cases), signal);
    cases.forEach((of, i) => {
      const before = { 0: of.entries, 1: choices.notes ? teamEntries(of) : [] };
      if (!hasSameMarks(chain, before, teamEntries(of), teamEntries(now[i]!)))
        throw new PortalError("conflict", "something else is to be left out since");
    });
    return request === null ? [] : [approvalFile(chain, file, request, now)];
  }

  function requestIn(of: OpenCase, id: string): ApprovalRequest {
    const request = requestsIn(signedActsIn(of)).find((each) => each.id === id);
    if (request === undefined) throw new PortalError("missing", "nobody asked about this case file");
    return request;
  }

  return {
    saw,
    acts: {
      async planCaseFile({ cases: ids, choices, dir, today }, told) {
        drop();
        requireCounsel(theDesk());
        const cases = await readAll(ids, told.signal);
        planned = await make({ cases, choices, dated: today, dir, request: null }, told);
        return planOf(planned);
      },
      async readyCaseFile({ recipient: typed, stamp }, { signal }) {
        const now = thePlan();
        const { session } = theDesk();
        ready = null;
        requireCounsel(theDesk());
        requireClean(now);
        const checked = typed.trim() === "" ? null : checkRecipient(typed);
        if (checked?.is === "wrong") return checked;
        const approval = await approvalOf(now, signal);
        const stamped = stamp ? await stampCaseFile(session, fromHex(now.file.digest, 32), signal) : null;
        if (stamped?.is === "unstamped") return stamped;
        const stamps =
          stamped === null
            ? []
            : [fileOf(stampNames.query, stamped.query), fileOf(stampNames.response, stamped.response)];
        const file = withSignatures(now.file, [...approval, ...stamps]);
        ready = { of: now, file, recipient: checked?.recipient ?? null };
        const { fileName, length } = file;
        if (checked === null) return { is: "ready", fileName, length };
        return { is: "ready", fileName: `${fileName}.age`, length: sealedLength(length) };
      },
      async saveCaseFile({ port, today }, { progress, signal }) {
        if (ready === null) throw new PortalError("missing", "nothing was prepared");
        const { of: now, file, recipient } = ready;
        requireCounsel(theDesk());
        await approvalOf(now, signal);
        // Before the first byte leaves: no case file that the other readers cannot see.
        const id = now.request?.id ?? newId();
        const approvedBy = now.request?.to ?? null;
        await tellAll(now.cases, (of) => ({
          act: "exported",
          id,
          ...about(now, of),
          dated: today,
          approvedBy,
          sealed: recipient !== null,
        }));
        const plain = streamCaseFile(theDesk(), file, signal);
        const bytes = iterate(recipient === null ? plain : sealToAge(recipient, plain));
        const total = recipient === null ? file.length : sealedLength(file.length);
        const tell = (done: number): void => progress({ done, total });
        return deliver(counted(bytes, tell, signal), port);
      },
      async askApproval({ to, reason }) {
        const now = thePlan();
        requireCounsel(theDesk());
        requireClean(now);
        if (planOf(now).approvers?.some(({ id }) => id === to) !== true)
          throw new PortalError("refused", "they do not read all of its cases");
        const id = newId();
        const { checkpoint } = now;
        await tellAll(now.cases, (of) => ({ act: "askExport", id, ...about(now, of), to, checkpoint, reason }));
        drop();
        return null;
      },
      async remakeCaseFile({ caseId, id, dir }, told) {
        drop();
        const first = await read(caseId);
        const request = requestIn(first, id);
        const { me } = theDesk().session;
        if (request.to !== me.id && request.by !== me.id) throw new PortalError("refused", "somebody else was asked");
        // It may be in cases that this browser has not read since.
        await lookAtAll();
        saw(first);
        const ids = [...(asked.get(keyOf(request)) ?? [])];
        const cases = (await readAll(ids, told.signal)).map((of) => {
          const own = requestOf(signedActsIn(of), request);
          if (own === null) throw new PortalError("missing", "nobody asked about this case file");
          return upTo(of, own.extent);
        });
        planned = await make({ cases, choices: request.choices, dated: request.dated, dir, request }, told);
        const same = isSame(planned.file, request);
        const plan = planOf(planned);
        // What came out otherwise is neither approved nor saved.
        if (!same) drop();
        return { plan, same };
      },
      async answerApproval({ approves, reason, today }, { signal }) {
        const now = thePlan();
        const { secrets, me, chain } = theDesk().session;
        const { request } = now;
        if (request?.to !== me.id) throw new PortalError("refused", "somebody else was asked");
        if (approves) requireClean(now);
        const portalId = toHex(chain.portalId);
        const signature = approves ? signApproval(now.file, portalId, today, secrets.export) : "";
        const { id } = request;
        const cases = await readAll(idsOf(now.cases), signal);
        await tellAll(cases, () => ({ act: "answerExport", id, dated: today, approves, signature, reason }));
        drop();
        return null;
      },
    },
    forget(caseId) {
      if (planned?.cases.some(({ listing }) => listing.caseId === caseId) === true) drop();
      for (const cases of asked.values()) cases.delete(caseId);
    },
  };
}

function damagedNotesOf({ team, listing }: OpenCase): CaseFilePlan["damagedNotes"] {
  const damaged = team.state === "open" ? team.entries.filter(({ kind }) => kind === "damaged") : [];
  return damaged.length === 0 ? [] : [{ name: listing.name, notes: damaged.map(({ seq }) => seq) }];
}

const idsOf = (cases: readonly OpenCase[]): string[] => cases.map(({ listing }) => listing.caseId);
const keyOf = ({ id, by }: Pick<ApprovalRequest, "id" | "by">): string => `${id} ${by}`;

function requireCounsel({ session }: Desk): void {
  if (!session.me.roles.includes("counsel")) throw new PortalError("refused", "only counsel exports");
}

async function allProofs(desk: Desk, cases: readonly OpenCase[], size: number | null): Promise<CaseProofs[]> {
  const proofs = [];
  for (const of of cases) proofs.push(await fetchCaseProofs(desk, of, size));
  return proofs;
}
