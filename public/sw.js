// Cairn's service worker: what the app needs without a network, and what a push shows. It is registered with the build's id in its address, so a
// deployment brings a new one with a cache of its own. The new one waits until the pages of the old are closed, and those keep their files until then.
// Nothing that the API or a page has answered is kept here: what a person may read without a network lies in IndexedDB, under that person.

const BUILD = new URL(self.location.href).searchParams.get("build") ?? "none";
const PREFIX = "cairn-";
const CACHE = PREFIX + BUILD;
/** The page that is shown where no page can be fetched. It is the same for everybody, and fetched as nobody. */
const OFFLINE = "/~offline";
/** Named by their content, so what is kept under a name stays right. */
const STATIC = "/_next/static/";
const ICON = "/icons/icon-192.png";

self.addEventListener("install", (event) => event.waitUntil(fillCache()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function fillCache() {
  const cache = await caches.open(CACHE);
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  if (!page.ok || page.redirected) throw new Error(`The offline page was not given: ${page.status}`);
  const html = await page.clone().text();
  const files = new Set(html.match(/\/_next\/static\/[\w./~%@+-]+/g) ?? []);
  await cache.addAll([...files, ICON]);
  await cache.put(OFFLINE, page);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => openKept(OFFLINE)));
  else if (pathname.startsWith(STATIC) || pathname === ICON) event.respondWith(fetchOnce(request));
});

const openKept = async (address) => (await (await caches.open(CACHE)).match(address)) ?? Response.error();

/** Answers a file from the cache, else from the network, and keeps it. */
async function fetchOnce(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** A page tells which files it runs on: those that it loaded before this worker was there are kept too. */
self.addEventListener("message", (event) => {
  const files = event.data?.keep;
  if (!Array.isArray(files)) return;
  const ours = files.filter(
    (file) => typeof file === "string" && file.startsWith(self.location.origin + STATIC),
  );
  event.waitUntil(Promise.allSettled(ours.map((file) => fetchOnce(new Request(file)))));
});

self.addEventListener("push", (event) => event.waitUntil(tell(event.data?.json())));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data?.navigate));
});

/** Shows a message in its declarative form, which browsers that know it show by themselves. */
async function tell(message) {
  const { title = "Cairn", body, tag, navigate } = message?.notification ?? {};
  const shown = {
    body,
    tag,
    icon: ICON,
    badge: "/icons/badge-96.png",
    renotify: tag !== undefined,
    data: { navigate },
  };
  await self.registration.showNotification(title, shown);
  if (typeof message?.app_badge === "number") await navigator.setAppBadge?.(message.app_badge);
}

/** Brings a page to the front that shows what was told of, a new one where none is open. Only pages of our own are opened. */
async function openPage(address) {
  const { origin } = self.location;
  const wanted = URL.parse(address ?? "/", origin);
  const url = wanted?.origin === origin ? wanted.href : origin;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(url);
  await page.focus().catch(() => undefined);
  return page.navigate(url).catch(() => self.clients.openWindow(url));
}
