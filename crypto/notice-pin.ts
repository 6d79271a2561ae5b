/**
 * PROTOCOL.md §8: what the printed notice's QR code adds to the portal's address, after "#": whose
 * portal it is and the oldest list of readers it may show. Browsers send no fragment to anybody.
 */
import { fromBase64Url, toBase64Url } from "./bytes.ts";
import { PortalError } from "./errors.ts";

export interface NoticePin {
  portalId: Uint8Array;
  leastEpoch: number;
}

/** Any version of it: a newer notice must not be taken for none. */
const anyPin = /^th\d/;
const form = /^th1\.([\w-]{43})\.([1-9]\d{0,8})$/;

/** "th1.<portal id, base64url>.<least epoch>", without the "#". */
export function formatNoticePin({ portalId, leastEpoch }: NoticePin): string {
  return `th1.${toBase64Url(portalId)}.${leastEpoch}`;
}

/** Whether a fragment came from a notice; other fragments lead to a place on the page. */
export function isNoticePin(fragment: string): boolean {
  return anyPin.test(fragment);
}

/** @throws PortalError "format" when it was cut, changed, or comes from a newer notice */
export function parseNoticePin(fragment: string): NoticePin {
  const [, id, epoch] = form.exec(fragment) ?? [];
  if (id === undefined || epoch === undefined) throw new PortalError("format", "not a notice's address");
  return { portalId: fromBase64Url(id, 32), leastEpoch: Number(epoch) };
}
