/** How much is looked at. What is larger is saved. */

/** Decoded, a picture takes four bytes for each of its pixels. */
export const mostPixels = 80_000_000;
export const mostPictureBytes = 64 * 1024 * 1024;
/** A picture with more pixels is made smaller: whoever needs them all saves the file. */
export const mostShownPixels = 12_000_000;
export const mostPdfBytes = 128 * 1024 * 1024;
export const mostMediaBytes = 256 * 1024 * 1024;
