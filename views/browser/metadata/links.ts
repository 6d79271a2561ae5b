/** Addresses in documents: which of them lead to a file, and so may name folders, machines and people. */

const toTheNet = /^(?:https?:|mailto:|tel:|#)/i;

/** Whether `address` is a path, a relative link, or for a program of its own. A place on the net tells nothing here. */
export function leadsToFile(address: string): boolean {
  const text = address.trim();
  return text !== "" && !toTheNet.test(text);
}
