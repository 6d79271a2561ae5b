/** What a reporter's browser does, in a worker as the product does it: sealing 1 kB, 1 MB and 1 GB. */
import { measureFileSealing } from "../sealing-files.ts";
import { measureReportSealing } from "../sealing.ts";

const where = " in Chromium";
try {
  postMessage({
    rows: [
      await measureReportSealing(where),
      ...(await measureFileSealing({ what: `attachment sealed, 1 MB${where}`, bytes: 1e6 })),
      ...(await measureFileSealing({ what: `attachment sealed, 1 GB${where}`, bytes: 1e9, rounds: 3 })),
    ],
  });
} catch (error) {
  postMessage({ error: String(error) });
}
