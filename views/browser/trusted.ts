/**
 * The page's only Trusted Types policy. Scripts may be started from this closed list of addresses
 * and from nowhere else; nothing may become HTML or code from a string.
 */

/** The part of the browser's Trusted Types that is used here (w3c.github.io/trusted-types). */
interface ScriptUrls {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrls): ScriptUrls;
}

const allowed = [/^\/assets\/[a-z]+\.worker\.js$/, /^\/assets\/download\.sw\.js$/];

function checkScriptUrl(url: string): string {
  if (!allowed.some((pattern) => pattern.test(url))) throw new TypeError("this script may not be started");
  return url;
}

// Firefox and Safari before 2026 have no Trusted Types; the list holds there all the same.
const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy = factory?.createPolicy("tellhaven", { createScriptURL: checkScriptUrl }) ?? {
  createScriptURL: checkScriptUrl,
};

/** For `new Worker` and `serviceWorker.register`, which the policy would refuse a plain string. */
export function trustedScriptUrl(url: string): string {
  return policy.createScriptURL(url);
}

/** Starts views/browser/<name>.worker.ts as built. */
export function startWorker(name: string): Worker {
  return new Worker(trustedScriptUrl(`/assets/${name}.worker.js`), { type: "module", name });
}
