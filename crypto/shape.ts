/**
 * JSON shapes. zod without its JIT: it would probe `new Function`, which a strict CSP reports.
 * And only the parts named here: zod whole is 360 kB of a worker that a phone loads over Tor.
 */
import {
  _default,
  array,
  boolean,
  config,
  enum as enumOf,
  gte,
  int,
  literal,
  lte,
  maxLength,
  minLength,
  nullable,
  object,
  optional,
  record,
  refine,
  regex,
  strictObject,
  string,
  union,
  unknown,
  type core as zodCore,
  type output,
  type ZodMiniType as MiniType,
} from "zod/mini";
import { fromBase64, fromHex, fromUtf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";

config({ jitless: true });

export const z = {
  _default,
  array,
  boolean,
  enum: enumOf,
  gte,
  int,
  literal,
  lte,
  maxLength,
  minLength,
  nullable,
  object,
  optional,
  record,
  refine,
  regex,
  strictObject,
  string,
  union,
  unknown,
};
export declare namespace z {
  export type infer<T> = output<T>;
  export type ZodMiniType<T> = MiniType<T>;
  export namespace core {
    export type $ZodIssue = zodCore.$ZodIssue;
  }
}

/** Parses UTF-8 JSON into the given shape. @throws PortalError "format" naming the first field that is wrong */
export function parseJson<T>(shape: z.ZodMiniType<T>, bytes: Uint8Array, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new PortalError("format", `${what} is not JSON`, { cause });
  }
  return parseShape(shape, value, what);
}

export function parseShape<T>(shape: z.ZodMiniType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new PortalError("format", `${what} is malformed at "${path}"`);
}

function decodes(decode: () => Uint8Array): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}

/** Canonical text of exactly `length` bytes; decoded where it is used. */
export const hexOf = (length: number) => z.string().check(z.refine((text) => decodes(() => fromHex(text, length))));
export const base64Of = (length: number) =>
  z.string().check(z.refine((text) => decodes(() => fromBase64(text, length))));

export const textUpTo = (length: number) => z.string().check(z.maxLength(length));
export const count = z.int().check(z.gte(0));
/** Whether YYYY-MM-DD names a day: a roster that expires on the 31st of February would never do so. */
function isDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0); // proleptic Gregorian, ISO 8601
  const longest = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return longest !== undefined && day >= 1 && day <= longest;
}

/** YYYY-MM-DD */
export const dayText = z.string().check(z.refine(isDay));
/** YYYY-MM-DDTHH:MM:SSZ */
export const instantText = z
  .string()
  .check(z.refine((text) => isDay(text.slice(0, 10)) && /^T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/.test(text.slice(10))));
