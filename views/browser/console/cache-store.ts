/** Sealed records in the browser's IndexedDB, by names that say nothing. Storage that is blocked or full is no fault. */

const database = "tellhaven";
const store = "kept";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(store));
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no storage")));
    request.addEventListener("blocked", () => reject(new Error("no storage")));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (records: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  let db: IDBDatabase;
  try {
    db = await open();
  } catch {
    return null; // a private window, or a browser that keeps nothing: everything works without
  }
  try {
    return await new Promise<T | null>((resolve) => {
      const transaction = db.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.addEventListener("complete", () => resolve(request.result));
      transaction.addEventListener("error", () => resolve(null));
      transaction.addEventListener("abort", () => resolve(null));
    });
  } finally {
    db.close();
  }
}

/** Null: nothing was kept under this name. */
export async function findRecord(name: string): Promise<Uint8Array | null> {
  const found = await run<unknown>("readonly", (records) => records.get(name) as IDBRequest<unknown>);
  return found instanceof Uint8Array ? found : null;
}

export async function putRecord(name: string, bytes: Uint8Array): Promise<void> {
  await run("readwrite", (records) => records.put(bytes, name));
}

export async function dropRecord(name: string): Promise<void> {
  await run<unknown>("readwrite", (records) => records.delete(name) as IDBRequest<unknown>);
}
