/** Ids that a page gives to what is new in a case: a task, a filing, a view of the list. */
import { toHex } from "../../../crypto/bytes.ts";

/** 8 random bytes, hex. */
export const newId = (): string => toHex(crypto.getRandomValues(new Uint8Array(8)));
