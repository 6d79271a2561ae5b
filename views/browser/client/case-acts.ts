/** Acts: what readers decide and record of a case, each signed and appended to the team's stream. */
import { toHex } from "../../../crypto/bytes.ts";
import type { ActContent, ActName } from "../../../crypto/team-content.ts";
import { textOfDay, type Day } from "../../../data/policy/update-date.ts";
import { actsIn, thingOf } from "./act-things.ts";
import { tipOf } from "./appending.ts";
import { appendToTeam, withTeam, type Prepared } from "./case-writing.ts";
import type { OpenCase } from "./casework.ts";
import { teamToken, type Desk } from "./held-cases.ts";
import { isHeldBy } from "./holds.ts";

/** An act as its writer makes it: where the conversation stood is added when it is sealed. */
export type ActDraft<Name extends ActName = ActName> = Name extends ActName
  ? Omit<Extract<ActContent, { act: Name }>, "conversation">
  : never;

/** What an act changes of what the server sees; it is changed together with it or not at all. */
export interface VisibleChange {
  phase?: "open" | "closed";
  /** Of hold acts it follows from what is signed. */
  hold?: boolean;
  /** YYYY-MM-DD; null: on none. */
  deleteOn?: string | null;
}

function visibleHeaders({ phase, hold, deleteOn }: VisibleChange): Record<string, string> {
  return {
    ...(phase === undefined ? {} : { "x-phase": phase }),
    ...(hold === undefined ? {} : { "x-hold": hold ? "on" : "off" }),
    ...(deleteOn === undefined ? {} : { "x-delete-on": deleteOn ?? "none" }),
  };
}

/**
 * The server's mark of a hold follows from the acts before and this one, at each try anew: of two who release the last
 * two holds at once, or of one who releases while another puts one on, none can leave it wrong.
 */
function visibleAfter(open: OpenCase, draft: ActDraft, visible: VisibleChange): VisibleChange {
  if (draft.act !== "hold" || open.team.state !== "open") return visible;
  const acts = [...actsIn(open.team.entries).map(({ act }) => act), draft];
  return { ...visible, hold: isHeldBy(acts.map((act) => ({ author: null, act }))) };
}

/**
 * Writes an act. `prepared`: of a filing with files. The same prepared act is never written twice.
 * `basedOn`: place of the act about the same thing that the writer saw as the newest; null: they saw none.
 * @throws PortalError "refused" when this reader has no part in the team, or the server may not change that;
 * "conflict" when somebody wrote a newer one
 */
export async function writeAct(
  desk: Desk,
  caseId: string,
  draft: ActDraft,
  visible: VisibleChange,
  prepared: Prepared,
  basedOn?: number | null,
): Promise<OpenCase> {
  await withTeam(desk, caseId);
  const { envId, object, files } = prepared;
  const content = (open: OpenCase): ActContent => {
    const conversation = tipOf(open);
    if (draft.act !== "filing") return { ...draft, conversation };
    return { ...draft, files, ...(basedOn == null ? {} : { basedOn }), conversation };
  };
  const headers = (open: OpenCase): Record<string, string> => visibleHeaders(visibleAfter(open, draft, visible));
  const act = { kind: "act", envId, object, content, headers } as const;
  if (basedOn === undefined) return appendToTeam(desk, caseId, act);
  return appendToTeam(desk, caseId, { ...act, basis: { thing: thingOf(draft), seq: basedOn } });
}

/**
 * Tells the server the one date that it holds of a case, and whom to tell when it has passed.
 * @throws PortalError "missing" | "busy"; "conflict" when another reader was named since the case was read
 */
export async function setReminder(desk: Desk, open: OpenCase, on: Day | null, second: number | null): Promise<void> {
  if (open.team.state !== "open") return;
  const body = { on: on === null ? null : textOfDay(on), second, was: open.lookup.second };
  await desk.session.send(`/cases/${toHex(open.caseId)}/reminder`, {
    method: "PUT",
    headers: teamToken(open.team.key),
    body,
  });
}
