// Runs before `npm start` and `npm test`, in JavaScript that any Node reads: an older one stops at
// the first .ts file with an error about extensions, and better-sqlite3 crashes it without a word.
if (Number(process.versions.napi) < 10 || !process.features.typescript) {
  console.error(
    `Tellhaven needs Node.js 24 or newer, and this is ${process.version}` +
      " (on Linux and on Windows for x64, `npm ci` brings one, unless optional dependencies are left out).",
  );
  process.exit(1);
}
