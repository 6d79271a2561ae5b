/** What a check says: a word of the list in views/locales/en/shell.json, and what it is said of. */
import type { Translate } from "../../http/i18n.ts";

export interface Fault {
  /** Key below verify.fault. */
  fault: string;
  /** A path, a line's number; "": nothing in particular. Made of harmless characters. */
  of: string;
}

export function faultLine(t: Translate, { fault, of }: Fault): string {
  const words = t(`shell:verify.fault.${fault}`);
  return of === "" ? words : `${words}: ${of}`;
}
