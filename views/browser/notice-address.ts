/** The part of the address after "#" that a printed notice's QR code brings. It goes along from page to page, never to a server. */
import { isNoticePin } from "../../crypto/notice-pin.ts";

/** As the page was opened: a link within the page must not take it away. */
const opened = typeof location === "undefined" ? "" : location.hash.slice(1);

/** Null: this address did not come from a notice. */
export function noticePin(): string | null {
  return isNoticePin(opened) ? opened : null;
}

/** The same site's page, with the notice's part behind it when there is one. */
export function withNoticePin(path: string): string {
  const pin = noticePin();
  return pin === null || path.includes("#") ? path : `${path}#${pin}`;
}

/** The skip link moves the focus alone: a fragment would take the notice's place, and one more entry of the history. */
function keepAddress(): void {
  document.querySelector(".govuk-skip-link")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main-content")?.focus();
  });
}

/** Makes this page's own links carry it. */
export function carryNoticePin(): void {
  keepAddress();
  if (noticePin() === null) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="/"]'))
    link.setAttribute("href", withNoticePin(link.getAttribute("href")!));
}
