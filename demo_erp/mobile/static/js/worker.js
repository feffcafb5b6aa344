// Opens the app without a network. What the server puts before this: SHELL {version, files, offlinePage}.

const SHELL_CACHE = `shell-${SHELL.version}`;
const SHELL_PATHS = new Set(SHELL.files.map((file) => file.split("?")[0]));
const KEPT_PAGES = "pages"; // the last look at a few pages; thrown away when somebody logs in or out
const PAGES_TO_KEEP = ["/m/", "/m/sales/new", "/m/sales", "/m/steps"];
const PATIENCE_MS = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL_CACHE)
      .then((cache) => cache.addAll(SHELL.files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== SHELL_CACHE && name !== KEPT_PAGES))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function keptPage(path) {
  return (
    (await caches.match(path, { cacheName: KEPT_PAGES })) ??
    (await caches.match(SHELL.offlinePage, { cacheName: SHELL_CACHE })) ??
    Response.error()
  );
}

async function openPage(request, path) {
  try {
    const response = await Promise.race([
      fetch(request),
      new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE_MS)),
    ]);
    if (response.ok && response.type === "basic" && PAGES_TO_KEEP.includes(path)) {
      const cache = await caches.open(KEPT_PAGES);
      await cache.put(path, response.clone());
    }
    return response;
  } catch {
    return keptPage(path);
  }
}

async function openFile(request, path) {
  return (await caches.match(path, { cacheName: SHELL_CACHE, ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname: path } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && (path === "/m/login" || path === "/m/logout")) {
    event.waitUntil(caches.delete(KEPT_PAGES));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(openPage(request, path));
  } else if (request.method === "GET" && SHELL_PATHS.has(path)) {
    event.respondWith(openFile(request, path));
  }
});
