/** What a suite at the console begins and ends with: a portal with its organisation, a browser, and visits of members. */
import { after, before, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { declare } from "../../views/browser/client/recusal.ts";
import { launchBrowser } from "./browser.ts";
import { ensureBuilt } from "./built.ts";
import { deskOf, findByTitle, tell, type Told } from "./casework.ts";
import { visitConsole } from "./console-visit.ts";
import { serveOrganisation, type ServedOrganisation } from "./organisation-server.ts";

export type Who = keyof ServedOrganisation["organisation"]["members"];

export interface ConsoleSuite {
  /** Both from the suite's own `before` on. */
  readonly served: ServedOrganisation;
  readonly browser: Browser;
  /** A page on which that member is signed in. */
  visit: (t: TestContext, who: Who) => Promise<Page>;
  /** Files a report in which these members said that they have no conflict; answers the case's id. */
  cleared: (told: Told, ...who: readonly Who[]) => Promise<string>;
}

/** Call in a `describe`: for all of its tests. Settings, rosters and the rest as serveOrganisation takes them. */
export function useConsole(...[settings, rosters, of]: Parameters<typeof serveOrganisation>): ConsoleSuite {
  let served: ServedOrganisation | undefined;
  let browser: Browser | undefined;
  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50", ...settings }, rosters, of);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });
  const suite: ConsoleSuite = {
    get served() {
      return served!;
    },
    get browser() {
      return browser!;
    },
    visit: (t, who) => visitConsole(t, suite.browser, suite.served, suite.served.organisation.members[who]),
    async cleared(told, ...who) {
      await tell(suite.served, told);
      let caseId = "";
      for (const each of who) {
        const desk = await deskOf(suite.served, suite.served.organisation.members[each].seed);
        caseId = (await findByTitle(suite.served, desk, told.title))!;
        await declare(desk, caseId, false, "");
      }
      return caseId;
    },
  };
  return suite;
}
