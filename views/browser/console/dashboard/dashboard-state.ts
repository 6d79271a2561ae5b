/** What a member chose on the dashboard. Nothing of a case is in it. */

/** Besides these: a year, as four digits. */
export const periods = ["quarter", "quarters", "all", "own"] as const;

export interface DashboardState {
  /** One of `periods`, or a year. */
  period: string;
  /** Of "own", as typed: YYYY-MM-DD or "" for no bound. */
  from: string;
  to: string;
  /** Id of a channel; "": all. */
  channel: string;
  /** Whether what was marked as spam counts. */
  spam: boolean;
}

export function firstDashboardState(): DashboardState {
  return { period: "quarters", from: "", to: "", channel: "", spam: false };
}
