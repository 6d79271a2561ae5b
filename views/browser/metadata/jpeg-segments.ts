/** Which segments of a JPEG (ITU-T T.81) draw, and what each of them may hold: nothing behind its tables. */

const huffmanTables = 0xc4;
const arithmeticTables = 0xcc;
const startOfScan = 0xda;
const quantisation = 0xdb;
const numberOfLines = 0xdc;
const restartInterval = 0xdd;
const hierarchy = 0xde;
const expansion = 0xdf;

/** A frame begins here: its size and its components. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![huffmanTables, 0xc8, arithmeticTables].includes(marker);
}

/** Whether the tables in `data` end where it ends; each begins with a byte that says how long it is. */
function isFilled(data: Uint8Array, lengthAt: (at: number) => number): boolean {
  let at = 0;
  while (at < data.length) at += lengthAt(at);
  return at === data.length;
}

function huffmanLength(data: Uint8Array, at: number): number {
  return data.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 17);
}

/** What is wrong in length is refused by decoders as well; null for a marker that no decoder needs. */
export function drawsWell(marker: number, data: Uint8Array): boolean | null {
  if (isFrame(marker) || marker === hierarchy) return data.length === 6 + 3 * (data[5] ?? 0);
  switch (marker) {
    case huffmanTables:
      return isFilled(data, (at) => huffmanLength(data, at));
    case arithmeticTables:
      return data.length % 2 === 0;
    case startOfScan:
      return data.length === 4 + 2 * (data[0] ?? 0);
    case quantisation:
      return isFilled(data, (at) => (data[at]! >= 16 ? 129 : 65));
    case numberOfLines:
    case restartInterval:
      return data.length === 2;
    case expansion:
      return data.length === 1;
    default:
      return null;
  }
}
