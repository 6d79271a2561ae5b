/** The notice's QR code. */
import encodeQr from "qr";

/** Light squares on each side, ISO/IEC 18004 asks for four. */
const quietZone = 4;

/** Rows of squares, true is dark, quiet zone included. Error correction M (15 %): it hangs on a wall. */
export function qrSquares(text: string): boolean[][] {
  return encodeQr(text, "raw", { ecc: "medium", border: quietZone });
}

/** The dark squares as the data of an SVG path, one unit each. */
export function squaresPath(squares: readonly (readonly boolean[])[]): string {
  return squares
    .flatMap((cells, y) => cells.flatMap((dark, x) => (dark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])))
    .join("");
}
