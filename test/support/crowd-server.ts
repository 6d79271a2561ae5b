/** A set-up portal in a process of its own. argv: settings as JSON. Says its origin, then serves until disconnected. */
import { serveOrganisation } from "./organisation-server.ts";

const served = await serveOrganisation(JSON.parse(process.argv[2] ?? "{}") as Record<string, string>);
process.send?.(served.portal.reporterUrl);
process.once("disconnect", () => void served.portal.discard().finally(() => process.exit(0)));
