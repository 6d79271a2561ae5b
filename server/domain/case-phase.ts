/** What the server may see of a case's course, and which steps there are. */
export type Phase = "received" | "open" | "closed";

const steps: Readonly<Record<Phase, readonly Phase[]>> = {
  received: ["open", "closed"],
  open: ["closed"],
  closed: ["open"],
};

/** Whether a case may go from one phase to another; staying is no step. */
export function mayStep(from: Phase, to: Phase): boolean {
  return steps[from].includes(to);
}
