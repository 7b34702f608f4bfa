/** The script's address changes with each build, so that browsers take the worker of a new build for a new one. */
const addressOf = (build: string) => `/sw.js?build=${encodeURIComponent(build)}`;

/**
 * Registers the service worker of a build, and has it keep the files that this page runs on. Where there are no workers, or the browser wants none, the
 * app works as before.
 */
export async function startWorker(build: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(addressOf(build), { scope: "/", updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    await loadLater(build);
    active?.postMessage({ keep: listFiles() }, []);
  } catch {
    // In a private window, or switched off.
  }
}

/** The build whose later files this device has. */
const LOADED = "cairn-loaded";

/** Loads what the inbox loads only when it shows it: without a network it would be too late. Once a build, and when nobody waits: it takes 90 ms of a desktop. */
async function loadLater(build: string): Promise<void> {
  if (localStorage.getItem(LOADED) === build) return;
  await whenIdle();
  await Promise.all([import("#/app/_ui/toasts.tsx"), import("#/app/_ui/rendered-markdown.tsx")]);
  localStorage.setItem(LOADED, build);
}

/** A page that is never idle has this much time, ms; one in Safari, which knows no idle time, has all of it. */
const IDLE_WITHIN_MS = 2_000;

const whenIdle = () =>
  new Promise<void>((resolve) => {
    if ("requestIdleCallback" in globalThis)
      requestIdleCallback(() => resolve(), { timeout: IDLE_WITHIN_MS });
    else setTimeout(resolve, IDLE_WITHIN_MS);
  });

const listFiles = () => performance.getEntriesByType("resource").map(({ name }) => name);
