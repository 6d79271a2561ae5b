import { cpus } from "node:os";

/** What the numbers were measured on. */
export function machine(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? "unknown processor"} × ${String(all.length)}, Node ${process.versions.node}`;
}
