/** What browsers load, built from this tree before pages are opened. */

/** Set by test/run.ts once its own build has passed: forty files need not each build the same bytes again. */
export const builtAlready = "TESTS_FIND_IT_BUILT";

/** Builds, unless the whole run has done so. A test file that is run alone builds for itself. */
export async function ensureBuilt(): Promise<void> {
  if (process.env[builtAlready] === "1") return;
  // Loaded only now: its Sass compiler takes seconds to load.
  const { build } = await import("../../server/build/build.ts");
  await build();
}
