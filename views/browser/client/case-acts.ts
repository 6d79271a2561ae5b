/** Acts: what readers decide and record of a case, each signed and appended to the team's stream. */
import { toHex } from "../../../crypto/bytes.ts";
import type { ActContent, ActName } from "../../../crypto/team-content.ts";
import { textOfDay, type Day } from "../../../data/policy/update-date.ts";
import { appendToTeam, tipOf, withTeam, type Prepared } from "./case-writing.ts";
import { teamToken, type Desk, type OpenCase } from "./casework.ts";

/** An act as its writer makes it: where the conversation stood is added when it is sealed. */
export type ActDraft<Name extends ActName = ActName> = Name extends ActName
  ? Omit<Extract<ActContent, { act: Name }>, "conversation">
  : never;

/** What an act changes of what the server sees; it is changed together with it or not at all. */
export interface VisibleChange {
  phase?: "open" | "closed";
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
 * Writes an act. `prepared`: of a filing with files. The same prepared act is never written twice.
 * @throws PortalError "refused" when this reader has no part in the team, or the server may not change that
 */
export async function writeAct(
  desk: Desk,
  caseId: string,
  draft: ActDraft,
  visible: VisibleChange,
  prepared: Prepared,
): Promise<OpenCase> {
  const { key } = await withTeam(desk, caseId);
  const { envId, object, files } = prepared;
  const content = (open: OpenCase): ActContent => {
    const sealed = draft.act === "filing" ? { ...draft, files } : draft;
    return { ...sealed, conversation: tipOf(open) };
  };
  return appendToTeam(desk, caseId, { kind: "act", key, envId, object, content, headers: visibleHeaders(visible) });
}

/**
 * Tells the server the one date that it holds of a case, and whom to tell when it has passed.
 * @throws PortalError "missing" | "busy"
 */
export async function setReminder(desk: Desk, open: OpenCase, on: Day | null, second: number | null): Promise<void> {
  if (open.team.state !== "open") return;
  const body = { on: on === null ? null : textOfDay(on), second };
  await desk.session.send(`/cases/${toHex(open.caseId)}/reminder`, {
    method: "PUT",
    headers: teamToken(open.team.key),
    body,
  });
}
