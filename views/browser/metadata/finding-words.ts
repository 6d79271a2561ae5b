/** Findings in words, for the page. */
import { findingGroups, type Finding } from "./findings.ts";

type Translate = (key: string) => string;

export interface FindingGroupView {
  heading: string;
  findings: { label: string; value: string }[];
}

/** In the order in which groups matter to somebody who must not be found; empty ones left out. */
export function groupFindings(found: readonly Finding[], t: Translate): FindingGroupView[] {
  return findingGroups.flatMap((group) => {
    const findings = found
      .filter((each) => each.group === group)
      .map(({ name, value }) => ({ label: t(`metadata:names.${name}`), value }));
    return findings.length === 0 ? [] : [{ heading: t(`metadata:groups.${group}`), findings }];
  });
}
