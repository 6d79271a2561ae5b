/** How much one file of a case file may unpack to. */

export interface Budget {
  bytes: number;
  files: number;
}

/** More would be unpacked than one file may. */
export class TooLarge extends Error {}
