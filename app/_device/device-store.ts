/** The browser's own database of this device. Everything in it belongs to a person in a workspace. */

const DATABASE = "cairn";
/** The stores with the name of their key. */
const STORES = { inboxes: "owner", decisions: "id" } as const;
type StoreName = keyof typeof STORES;

let opened: Promise<IDBDatabase> | undefined;

function openDevice(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener("upgradeneeded", () => {
      for (const [name, keyPath] of Object.entries(STORES))
        request.result.createObjectStore(name, { keyPath });
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => {
      opened = undefined;
      reject(request.error ?? new Error("This browser keeps nothing."));
    });
  });
  return opened;
}

/** Does something in a store, and ends when it is really stored: a phone may be put away in the next moment. */
async function act<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const transaction = (await openDevice()).transaction(name, mode, { durability: "strict" });
  const request = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("abort", () =>
      reject(transaction.error ?? new Error("Nothing was stored.")),
    );
  });
}

/** Reads all rows of a store, as whoever has written them left them. */
export const readRows = (store: StoreName): Promise<readonly unknown[]> =>
  act(store, "readonly", (rows) => rows.getAll());

/** Stores a row in the place of the one with the same key. */
export async function storeRow(store: StoreName, row: object): Promise<void> {
  await act(store, "readwrite", (rows) => rows.put(row));
}

export async function removeRow(store: StoreName, key: string): Promise<void> {
  await act(store, "readwrite", (rows) => rows.delete(key));
}

export async function clearRows(store: StoreName): Promise<void> {
  await act(store, "readwrite", (rows) => rows.clear());
}
