// Where sale drafts live on the phone: a small IndexedDB store, one record a draft, kept by its reference.

const STORE = "drafts";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("rosewood", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "reference" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const keepDraft = (draft) => run("readwrite", (store) => store.put(draft));
export const forgetDraft = (reference) => run("readwrite", (store) => store.delete(reference));

export async function allDrafts() {
  const drafts = await run("readonly", (store) => store.getAll());
  return drafts.sort((one, other) => one.savedAt - other.savedAt);
}
