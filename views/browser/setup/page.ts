/** What every set-up page's script begins with. */
import { loadWords, readPageData } from "../i18n.ts";
import { startAsking, type Ask } from "./ask.ts";
import { makeScreen, type Screen } from "./screen.ts";

export interface SetupPage {
  screen: Screen;
  ask: Ask;
  /** BCP 47 tag, for dates. */
  lang: string;
  /** What the page's route sent along. */
  data: Readonly<Record<string, unknown>>;
  /** What stood behind "#", without it. */
  fragment: string;
}

/**
 * Reads the fragment and takes it out of the address bar and of this history entry: the link's
 * secret should not be seen over a shoulder, copied along, or synchronised with the history.
 */
function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== "") history.replaceState(null, "", location.pathname);
  return fragment;
}

/** The link's secret is not in the address any more: whoever chooses another language takes it along from here. */
function keepFragment(fragment: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".th-languages a"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.assign(fragment === "" ? link.href : `${link.href}#${fragment}`);
    });
}

/** `id`: of the element that the page's template left empty. */
export async function openSetupPage(id: string): Promise<SetupPage> {
  const fragment = takeFragment();
  keepFragment(fragment);
  const data = readPageData();
  const t = await loadWords(data);
  const root = document.getElementById(id);
  if (root === null) throw new Error("the page has no place to draw");
  // A second link opened in the same tab changes the fragment only: begin anew with it.
  addEventListener("hashchange", () => location.reload());
  return { screen: makeScreen(root, t), ask: startAsking(), lang: data.lang, data: data.data, fragment };
}
