/** PROTOCOL.md §14. Apart from content.ts, so that pages can say it without carrying the shapes. */
export const mostFiles = 500;
