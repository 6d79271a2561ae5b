/** The part of the address after "#" that a printed notice's QR code brings. It goes along from page to page, never to a server. */
import { isNoticePin } from "../../crypto/notice-pin.ts";

/** Null: this address did not come from a notice. */
export function noticePin(): string | null {
  const fragment = location.hash.slice(1);
  return isNoticePin(fragment) ? fragment : null;
}

/** The same site's page, with the notice's part behind it when there is one. */
export function withNoticePin(path: string): string {
  const pin = noticePin();
  return pin === null || path.includes("#") ? path : `${path}#${pin}`;
}

/** Makes this page's own links carry it. */
export function carryNoticePin(): void {
  if (noticePin() === null) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="/"]'))
    link.setAttribute("href", withNoticePin(link.getAttribute("href")!));
}
