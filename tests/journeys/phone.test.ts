import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, openVisit, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";
import { PUSH_CERTIFICATE, startPushService } from "#/tests/support/push-service.ts";

// The installed app on a phone whose network comes and goes.
describe.skipIf(chromiumPath === undefined)(
  `the phone${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Page;
    let service: Awaited<ReturnType<typeof startPushService>>;

    beforeAll(async () => {
      service = await startPushService();
      // The product finds the push service of this test where others are on the internet.
      Object.assign(process.env, { HTTP_ALLOW_HOSTS: service.host, NODE_EXTRA_CA_CERTS: PUSH_CERTIFICATE });
      journey = await openJourney();
      ({ product, page } = journey);
      await page.setViewportSize({ width: 390, height: 844 });
      await signInAt(journey, "inbox");
      await page.getByRole("heading", { name: "Inbox" }).waitFor();
      await whenKept(page);
    });
    afterAll(async () => {
      await journey?.close();
      await service?.stop();
    });

    /** Waits until the worker has the page's files, and the device its inbox. (`waitForFunction` takes a promise for what it waits for.) */
    const whenKept = (on: Page) =>
      eventually(() =>
        on.evaluate(async () => {
          const [name] = await caches.keys();
          if (name === undefined || !navigator.serviceWorker.controller) return undefined;
          const cache = await caches.open(name);
          const isKept = (await cache.match("/~offline")) !== undefined && (await cache.keys()).length > 5;
          return isKept || undefined;
        }),
      );
    /** Reads what the device keeps. */
    const readDevice = (on: Page, store: "inboxes" | "decisions") =>
      on.evaluate(
        (name) =>
          new Promise<{ title?: string }[]>((resolve) => {
            const open = indexedDB.open("cairn");
            open.addEventListener("success", () => {
              const all = open.result.transaction(name).objectStore(name).getAll();
              all.addEventListener("success", () => resolve(all.result));
            });
          }),
        store,
      );
    const read = async <Answer>(path: string) => (await (await product.api(path)).json()) as Answer;
    interface Asked {
      readonly id: string;
      readonly status: string;
      readonly action: string;
      readonly comment: string | null;
      readonly values: unknown;
    }
    const readApproval = async (run: string) =>
      (await read<{ items: Asked[] }>(`/api/v1/approvals?run=${run}`)).items[0];
    const decideByApi = async (run: string, body: object) => {
      const approval = await readApproval(run);
      return product.api(`/api/v1/approvals/${approval?.id}/decision`, { json: body });
    };

    let made = 0;
    /** Starts a run that asks this, and waits for it to do so. */
    const ask = async (title: string) => {
      made += 1;
      const make = async (path: string, json: unknown) =>
        (await (await product.api(path, { json })).json()) as { readonly id: string };
      const definition = {
        ...reviewed,
        steps: { ...reviewed.steps, review: { ...reviewed.steps.review, title } },
      };
      const workflow = await make("/api/v1/workflows", { name: `Phone ${made}`, definition });
      await product.api(`/api/v1/workflows/${workflow.id}/versions`, { method: "POST" });
      const { id } = await make(`/api/v1/workflows/${workflow.id}/runs`, { input: {} });
      await eventually(async () => ((await readApproval(id)) === undefined ? undefined : true));
      return id;
    };
    const line = (title: string) =>
      page.getByRole("list", { name: "Waiting for a person" }).getByRole("button", { name: title });
    const whenListed = async (title: string) => {
      await page.goto(`${product.url}/harbor-cloud/inbox`);
      await whenAwake(line(title));
      await eventually(async () =>
        JSON.stringify(await readDevice(page, "inboxes")).includes(title) ? true : undefined,
      );
    };
    const answer = async (title: string, action: string, comment?: string) => {
      await line(title).click();
      await page.getByRole("article", { name: `Approval: ${title}` }).waitFor();
      if (comment !== undefined) {
        await page.getByRole("button", { name: "Add a comment" }).click();
        await page.getByRole("textbox", { name: "Comment" }).fill(comment);
      }
      await page.getByRole("button", { name: action, exact: true }).click();
    };
    const goOffline = () => page.context().setOffline(true);
    const goOnline = () => page.context().setOffline(false);
    /** Errors of the network are what these tests are about. */
    const isOfNetwork = (problem: string) =>
      /ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load|network|clerk/i.test(problem);

    test("what installs it is there: a manifest with icons of each size, and a worker of this build", async () => {
      const manifest = (await (await fetch(`${product.url}/manifest.webmanifest`)).json()) as {
        readonly display: string;
        readonly start_url: string;
        readonly icons: readonly { readonly src: string; readonly purpose?: string }[];
      };
      expect(manifest).toMatchObject({ display: "standalone", start_url: "/?to=inbox" });
      expect(manifest.icons.filter(({ purpose }) => purpose === "maskable")).toHaveLength(1);
      for (const { src } of manifest.icons)
        expect((await fetch(product.url + src)).headers.get("content-type")).toBe("image/png");
      expect((await fetch(`${product.url}/apple-icon.png`)).status).toBe(200);
      const session = await page.context().newCDPSession(page);
      const findMissing = async () => {
        const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
        // The only thing that is missing is that this visit leaves no traces.
        return installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
      };
      // A browser that looks while a page is still coming finds no manifest, or one that has moved.
      await expect.poll(findMissing).toEqual([]);
      const address = await page.evaluate(
        async () => (await navigator.serviceWorker.ready).active?.scriptURL ?? "",
      );
      expect(new URL(address).searchParams.get("build")).toMatch(/^[\w-]{8,}$/);
      await page.goto(`${product.url}/?to=inbox`);
      await page.waitForURL(/\/harbor-cloud\/inbox$/);
    });

    test("without a network the app opens with the inbox that was there, and keeps nothing else that the API has answered", async () => {
      await ask("Read it in the tunnel?");
      await whenListed("Read it in the tunnel?");
      const kept = await page.evaluate(async () => {
        const names = await caches.keys();
        const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return keys.flat().map(({ url }) => new URL(url).pathname);
      });
      expect(kept.filter((path) => !path.startsWith("/_next/static/")).toSorted()).toEqual([
        "/icons/icon-192.png",
        "/~offline",
      ]);
      await goOffline();
      await page.goto(`${product.url}/harbor-cloud/runs`);
      await page.getByText("You are offline").waitFor();
      await line("Read it in the tunnel?").waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      await line("Read it in the tunnel?").click();
      await page.getByRole("article", { name: "Approval: Read it in the tunnel?" }).waitFor();
      await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
      await goOnline();
      await page.getByRole("heading", { name: "Runs" }).waitFor();
    });

    test("a decision made offline, comment and all, waits on the device through a restart and is made once when the network is back", async () => {
      const title = "Decide it on the train?";
      const run = await ask(title);
      await whenListed(title);
      await goOffline();
      await answer(title, "Reject", "not from the train");
      await page.getByText("Your answer waits for the network").waitFor();
      await expectAccessible(page);
      await page.goto(`${product.url}/harbor-cloud/inbox`);
      await line(title).click();
      await page.getByText("Your answer waits for the network").waitFor();
      await page.getByText("not from the train").waitFor();
      expect((await readApproval(run))?.status).toBe("open");
      await goOnline();
      await page.getByText(/Sent what you decided without a network/).waitFor();
      expect(await readApproval(run)).toMatchObject({
        status: "decided",
        action: "reject",
        comment: "not from the train",
      });
      await line(title).waitFor({ state: "detached" });
    });

    test("an edit made offline arrives as it was edited", async () => {
      const title = "Edit it on the train?";
      const run = await ask(title);
      await whenListed(title);
      await goOffline();
      await line(title).click();
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      await page.getByRole("textbox", { name: "Note" }).fill('{"text": "edited in a tunnel"}');
      await page
        .getByRole("button", { name: /^(Save|Approve|Send|Continue)/ })
        .first()
        .click();
      await page.getByText("Your answer waits for the network").waitFor();
      await goOnline();
      await eventually(async () => ((await readApproval(run))?.status === "decided" ? true : undefined));
      expect(JSON.stringify((await readApproval(run))?.values)).toContain("edited in a tunnel");
    });

    test("whoever was faster is told to whoever decided offline, with what they had answered, until they have read it", async () => {
      const title = "Who is faster?";
      const run = await ask(title);
      await whenListed(title);
      await goOffline();
      await answer(title, "Approve", "yes, from the hills");
      await page.getByText("Your answer waits for the network").waitFor();
      expect((await decideByApi(run, { action: "reject" })).status).toBe(200);
      await goOnline();
      const notice = page.getByRole("alert").filter({ hasText: `Your answer to “${title}” was not taken` });
      await notice.waitFor();
      await notice.getByText("Local scripts has decided it already: reject.").waitFor();
      await notice.getByText("yes, from the hills").waitFor();
      await expectAccessible(page);
      await page.reload();
      await notice.getByRole("button", { name: "Got it" }).click();
      await notice.waitFor({ state: "detached" });
      await page.goto(`${product.url}/harbor-cloud/inbox`);
      await page.getByRole("heading", { name: "Inbox" }).waitFor();
      expect(await notice.count()).toBe(0);
      expect(await readApproval(run)).toMatchObject({ action: "reject" });
    });

    test("an answer that was lost on its way back is not given twice", async () => {
      const title = "Lost on the way back?";
      const run = await ask(title);
      await whenListed(title);
      // The request arrives, and the network goes before its answer does.
      await page.route("**/decision", async (route) => {
        await route.fetch();
        await route.abort("internetdisconnected");
      });
      await answer(title, "Approve");
      await eventually(async () => ((await readApproval(run))?.status === "decided" ? true : undefined));
      await eventually(async () =>
        (await readDevice(page, "decisions")).some((decision) => decision.title === title) ? true : undefined,
      );
      await page.unrouteAll({ behavior: "wait" });
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await page.getByText(/Sent what you decided without a network/).waitFor();
      await eventually(async () =>
        (await read<{ status: string }>(`/api/v1/runs/${run}`)).status === "succeeded" ? true : undefined,
      );
      expect(await readDevice(page, "decisions")).toEqual([]);
    });

    /** The browser subscribes at the push service of this test; nothing leaves the machine. */
    const playPushService = async (on: Page) => {
      await on.context().grantPermissions(["notifications"], { origin: product.url });
      await on.addInitScript((subscription) => {
        const isOn = () => localStorage.getItem("test:subscribed") === "yes";
        const subscribed = {
          endpoint: subscription.endpoint,
          toJSON: () => subscription,
          unsubscribe: async () => {
            localStorage.removeItem("test:subscribed");
            return true;
          },
        };
        Object.assign(PushManager.prototype, {
          subscribe: async () => {
            localStorage.setItem("test:subscribed", "yes");
            return subscribed;
          },
          getSubscription: async () => (isOn() ? subscribed : null),
        });
        Object.assign(navigator, {
          setAppBadge: async (count: number) => void Object.assign(window, { badge: count }),
        });
      }, service.subscribe("phone"));
    };
    /** Hands a message to the worker, as a browser does when its push service brings one. */
    const deliver = async (on: Page, data: object) => {
      const session = await on.context().newCDPSession(on);
      const registered = new Promise<string>((resolve) =>
        session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
          const registration = registrations.find(({ isDeleted }) => !isDeleted);
          if (registration) resolve(registration.registrationId);
        }),
      );
      await session.send("ServiceWorker.enable");
      await session.send("ServiceWorker.deliverPushMessage", {
        origin: product.url,
        registrationId: await registered,
        data: JSON.stringify(data),
      });
    };
    /** Waits ten seconds at most until the worker shows a notification with this title; undefined where it does not. */
    const whenShown = (on: Page, title: string) =>
      on.evaluate(async (wanted) => {
        const worker = await navigator.serviceWorker.ready;
        for (let looks = 0; looks < 100; looks += 1) {
          if ((await worker.getNotifications()).some((shown) => shown.title === wanted)) return true;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return undefined;
      }, title);

    test("a phone is told of a question, opens it, and the icon counts what waits", async () => {
      await playPushService(page);
      await page.goto(`${product.url}/harbor-cloud/settings`);
      const card = page.getByRole("region", { name: "Notifications", exact: true });
      const turnOn = card.getByRole("button", { name: "Turn on for this device" });
      await whenAwake(turnOn);
      await expectAccessible(page);
      await turnOn.click();
      await card.getByText("This device is told.").waitFor();
      await card.getByRole("button", { name: "Send a test" }).click();
      await eventually(() => service.received.find(({ message }) => message.notification.tag === "test"));
      await card.getByRole("checkbox", { name: /Quiet hours/ }).check();
      await whenFitting(page);
      await expectAccessible(page);
      // What has just been sent keeps the device quiet for a moment; the tick tells it then.
      const title = "Told on the phone?";
      const run = await ask(title);
      const told = await eventually(() =>
        service.received.find(({ message }) => JSON.stringify(message).includes(title)),
      );
      expect(told.message.app_badge).toBeGreaterThan(0);
      const asked = await readApproval(run);
      // A delivery by the devtools was lost once, and they do not tell. What is delivered twice is shown once, by its tag.
      await eventually(async () => {
        await deliver(page, told.message);
        return whenShown(page, title);
      });
      const [worker] = page.context().serviceWorkers();
      await worker?.evaluate(async () => {
        const scope = globalThis as unknown as {
          registration: { getNotifications: () => Promise<unknown[]> };
          NotificationEvent: new (type: string, init: object) => Event;
        };
        const [notification] = await scope.registration.getNotifications();
        globalThis.dispatchEvent(new scope.NotificationEvent("notificationclick", { notification }));
      });
      await page.waitForURL(new RegExp(`/inbox\\?item=${asked?.id}$`));
      await page.getByRole("article", { name: `Approval: ${title}` }).waitFor();
      await page.waitForFunction(() => Number(Reflect.get(window, "badge")) > 0);
    });

    test("a device is removed after a second look, and is told nothing any more", async () => {
      await page.goto(`${product.url}/harbor-cloud/settings`);
      const card = page.getByRole("region", { name: "Notifications", exact: true });
      const list = card.getByRole("list", { name: "Devices that are told" });
      const remove = list.getByRole("button", { name: /^Remove/ });
      const window = page.getByRole("dialog");
      await whenAwake(remove);
      await remove.click();
      await window.getByText("It is told nothing any more.").waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      await window.getByRole("button", { name: "Cancel" }).click();
      await window.waitFor({ state: "detached" });
      expect(await list.getByRole("listitem").count()).toBe(1);
      await remove.click();
      await window.getByRole("button", { name: "Remove", exact: true }).click();
      await list.waitFor({ state: "detached" });
      await card.getByText("This device is not told.").waitFor();
      const told = await product.api("/api/v1/notifications");
      expect(await told.json()).toMatchObject({ devices: [] });
    });

    test("signing out leaves nothing to read on the device", async () => {
      const other = await openVisit(journey.browser, { width: 390, height: 844 });
      const theirs = await other.newPage();
      theirs.setDefaultTimeout(20_000);
      await signInAt({ ...journey, page: theirs }, "inbox");
      await theirs.getByRole("heading", { name: "Inbox" }).waitFor();
      await whenKept(theirs);
      await eventually(async () => ((await readDevice(theirs, "inboxes")).length > 0 ? true : undefined));
      await theirs
        .getByRole("button", { name: /account$/ })
        .filter({ visible: true })
        .click();
      await theirs.getByRole("button", { name: "Sign out" }).click();
      await theirs.waitForURL(({ pathname }) => pathname === "/");
      await eventually(async () => {
        const kept = await readDevice(theirs, "inboxes").catch(() => undefined);
        return kept?.length === 0 ? true : undefined;
      });
      await other.setOffline(true);
      await theirs.goto(`${product.url}/harbor-cloud/inbox`);
      await theirs.getByText("Nothing of Cairn is kept on this device").waitFor();
      expect(await theirs.getByRole("list", { name: "Waiting for a person" }).count()).toBe(0);
      await other.close();
    });

    test("nothing went wrong on any page but what the missing network explains", () => {
      expect(journey.problems.filter((problem) => !isOfNetwork(problem))).toEqual([]);
    });
  },
);
