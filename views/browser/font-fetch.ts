/**
 * Fonts from our own origin, for documents that are made in the browser. All of them are fetched as soon as one is
 * needed: which scripts a case is written in is nothing that the server should see from the requests. Their
 * addresses hold their hash, so the browser keeps them, and what comes is checked against it.
 */
import { toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { fontFilesOf } from "../pdf/coverage.ts";
import type { FontSource } from "../pdf/fonts.ts";

/** @throws PortalError "missing" when the server has none, "forged" when it sends another, "busy" when it cannot be reached */
async function fetchFont(asset: string, sha256: string): Promise<Uint8Array> {
  const answer = await fetch(`/assets/${asset}`, { credentials: "omit" }).catch((cause: unknown) => {
    throw new PortalError("busy", "a font could not be fetched", { cause });
  });
  if (!answer.ok) throw new PortalError("missing", `a font was answered with ${answer.status}`);
  const body = await answer.arrayBuffer().catch((cause: unknown) => {
    throw new PortalError("busy", "a font broke off", { cause });
  });
  const bytes = new Uint8Array(body);
  if (toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", body))) !== sha256)
    throw new PortalError("forged", "a font is not the one that this page was built with");
  return bytes;
}

async function fetchAll(): Promise<Map<string, Uint8Array>> {
  return new Map(
    await Promise.all(
      fontFilesOf().map(async ({ name, asset, sha256 }) => [name, await fetchFont(asset, sha256)] as const),
    ),
  );
}

/** Keeps the files as they came, 9 MB; what failed is fetched again for the next document. */
export function fetchedFonts(): FontSource {
  let all: Promise<Map<string, Uint8Array>> | null = null;
  return {
    async read(name) {
      all ??= fetchAll();
      try {
        return (await all).get(name)!;
      } catch (error) {
        all = null;
        throw error;
      }
    },
  };
}
