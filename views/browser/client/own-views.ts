/**
 * A member's own views of the list, as their device keeps them: sealed like the keys in key-cache.ts. What they filter
 * by may say whom a case is about.
 */
import { utf8 } from "../../../crypto/bytes.ts";
import { count, parseJson, textUpTo, z } from "../../../crypto/shape.ts";
import { facets, type Facet } from "../console/queue/facets.ts";
import { orders } from "../console/queue/queue.ts";
import { longestViewName, mostViews, noViews, type OwnViews } from "../console/queue/saved-views.ts";
import { openFromCache, sealForCache, type CacheKeys } from "./key-cache.ts";

/** Apart from the keys that are kept under the same secret. */
export const viewsPurpose = "views";

const someChoices = z.optional(z.array(textUpTo(200)).check(z.maxLength(200)));
const shape = z.strictObject({
  version: count,
  views: z
    .array(
      z.strictObject({
        id: textUpTo(16),
        name: textUpTo(longestViewName),
        query: z.strictObject({
          text: textUpTo(200),
          chosen: z.strictObject(
            Object.fromEntries(facets.map((facet) => [facet, someChoices])) as Record<Facet, typeof someChoices>,
          ),
          order: z.enum(orders),
        }),
      }),
    )
    .check(z.maxLength(mostViews)),
  first: textUpTo(16),
  letters: z.boolean(),
});
const version = 1;

/** @throws PortalError "format" for what openViews would not take */
export function sealViews(keys: CacheKeys, views: OwnViews): Uint8Array {
  const plain = utf8(JSON.stringify({ version, ...views }));
  parseJson(shape, plain, "views");
  return sealForCache(plain, keys, viewsPurpose);
}

/** Nobody's views for anything that sealViews did not make for this member at this portal. */
export function openViews(keys: CacheKeys, sealed: Uint8Array | null): OwnViews {
  if (sealed === null) return noViews;
  try {
    const { version: _, ...views } = parseJson(shape, openFromCache(sealed, keys, viewsPurpose), "views");
    return views;
  } catch {
    return noViews;
  }
}
