import http from "node:http";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake } from "#/tests/support/browser.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

// Forms work by the browser alone, and nothing that was typed is lost on the way.
describe.skipIf(chromiumPath === undefined)(
  `forms${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    /** With scripts. */
    let page: Journey["page"];
    /** The same person in a browser that runs none. */
    let plainContext: BrowserContext;
    let plain: Page;

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "settings");
      await page.getByRole("heading", { name: "Settings" }).waitFor();
      plainContext = await journey.browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 1280, height: 800 },
        storageState: await page.context().storageState(),
      });
      plain = await plainContext.newPage();
      plain.setDefaultTimeout(60_000);
    });
    afterAll(() => journey?.close());

    const limits = async () => {
      const answer = await product.api("/api/v1/limits");
      return ((await answer.json()) as { limits: Readonly<Record<string, unknown>> }).limits;
    };
    const setLimits = (json: unknown) => product.api("/api/v1/limits", { method: "PATCH", json });
    beforeEach(() => setLimits({ concurrency: 3, startsPerMinute: null, askAboveUsd: null, monthly: null }));
    const settings = () => `${product.url}/harbor-cloud/settings`;
    const plainSettings = () => `${product.url}/~plain/harbor-cloud/settings`;
    const card = (on: Page) => on.getByLabel("Usage and limits");
    const field = (on: Page, label: string | RegExp) => card(on).getByLabel(label);
    const save = (on: Page) => card(on).getByRole("button", { name: "Save limits" });

    describe("without scripts", () => {
      test("the form shows what is stored, changes it, and says so", async () => {
        await plain.goto(settings());
        expect(await field(plain, "Concurrent deliveries").inputValue()).toBe("3");
        await field(plain, "Concurrent deliveries").fill("7");
        await field(plain, "Tokens per month").fill("5000000");
        await field(plain, "At a monthly limit").selectOption("Fail the run");
        await save(plain).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(new URL(plain.url())).toMatchObject({
          pathname: "/~plain/harbor-cloud/settings",
          hash: "#limits",
        });
        expect(await field(plain, "Concurrent deliveries").inputValue()).toBe("7");
        expect(await limits()).toMatchObject({
          concurrency: 7,
          monthly: { maxTokens: 5_000_000, onLimit: "fail" },
        });
        await card(plain).getByText("of 5.0M").waitFor();
      });

      test("an error stands at its field in plain words, and all that was typed is still there", async () => {
        await plain.goto(settings());
        await field(plain, "Concurrent deliveries").fill("a few");
        await field(plain, "Run starts per minute").fill("9");
        await field(plain, "US dollars per month").fill("-1");
        await field(plain, "At a monthly limit").selectOption("Fail the run");
        await save(plain).click();
        await card(plain).getByText("Nothing was changed. Fix what is marked").waitFor();
        await card(plain).getByText("Must be a number.").waitFor();
        await card(plain).getByText("Must be 0 or more.").waitFor();
        const typed = await Promise.all(
          [
            "Concurrent deliveries",
            "Run starts per minute",
            "US dollars per month",
            "At a monthly limit",
          ].map((label) => field(plain, label).inputValue()),
        );
        expect(typed).toEqual(["a few", "9", "-1", "fail"]);
        expect(await field(plain, "Concurrent deliveries").getAttribute("aria-invalid")).toBe("true");
        expect(await limits()).toEqual({ concurrency: 3 });
        await field(plain, "Concurrent deliveries").fill("5");
        await field(plain, "US dollars per month").fill("20");
        await save(plain).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(await limits()).toMatchObject({ concurrency: 5, startsPerMinute: 9 });
      });

      test("a session that has gone stale meanwhile costs one more press", async () => {
        await plain.goto(settings());
        await field(plain, "Concurrent deliveries").fill("11");
        await plainContext.clearCookies({ name: /^__session/ });
        await save(plain).click();
        await plain.getByRole("heading", { name: "Your session had to be renewed" }).waitFor();
        await plain.getByText("11", { exact: true }).waitFor();
        expect(await limits()).toEqual({ concurrency: 3 });
        await plain.waitForLoadState("load");
        await plain.getByRole("button", { name: "Send again" }).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(await limits()).toEqual({ concurrency: 11 });
      });
    });

    describe("with scripts", () => {
      test("the page stays, what is wrong gets the focus, and what was mended is saved", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("1.5");
        await field(page, "Run starts per minute").fill("12");
        await save(page).click();
        await card(page).getByText("Must be a whole number.").waitFor();
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "concurrency");
        expect(await field(page, "Run starts per minute").inputValue()).toBe("12");
        await expectAccessible(page);
        await page.keyboard.press("Control+a");
        await page.keyboard.type("6");
        await page.keyboard.press("Enter");
        await page.getByText("Limits saved").waitFor();
        expect(await limits()).toMatchObject({ concurrency: 6, startsPerMinute: 12 });
        await card(page).getByText("Must be a whole number.").waitFor({ state: "detached" });
      });

      test("without a network nothing is lost, and the same is sent again", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("8");
        await page.context().setOffline(true);
        await save(page).click();
        await card(page).getByText("The server can’t be reached.").waitFor();
        expect(await field(page, "Concurrent deliveries").inputValue()).toBe("8");
        await page.context().setOffline(false);
        await save(page).click();
        await page.getByText("Limits saved").waitFor();
        expect(await limits()).toEqual({ concurrency: 8 });
      });

      test("what a server of another build does not know is said, and stays", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("8");
        await page.route("**/settings*", (route) =>
          route.continue({
            headers: { ...route.request().headers(), "next-action": "60".padEnd(42, "0") },
          }),
        );
        await save(page).click();
        await card(page).getByText("Cairn was updated while this page was open.").waitFor();
        expect(await field(page, "Concurrent deliveries").inputValue()).toBe("8");
        await page.unroute("**/settings*");
        expect(await limits()).toEqual({ concurrency: 3 });
      });
    });

    describe("a post by hand", () => {
      /** The fields of the form as the page has them. */
      const fields = async () => {
        await plain.goto(plainSettings());
        return card(plain)
          .locator("form")
          .evaluate((form) => [...new FormData(form as HTMLFormElement)] as [string, string][]);
      };
      const session = async () =>
        (await plainContext.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
      /** Posts as a browser without scripts does. The host of fetch cannot be chosen. */
      const post = async (
        sent: readonly (readonly [string, string])[],
        headers: Readonly<Record<string, string>> = {},
      ) => {
        const form = new FormData();
        for (const [name, value] of sent) form.append(name, value);
        const body = new Response(form);
        const bytes = Buffer.from(await body.arrayBuffer());
        const type = body.headers.get("content-type") ?? "";
        return ask(bytes, { "content-type": type, cookie: await session(), origin: product.url, ...headers });
      };
      const ask = (bytes: Buffer, headers: Readonly<Record<string, string>>) =>
        new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
          const asked = http.request(plainSettings(), { method: "POST", headers }, (answer) => {
            let text = "";
            answer.setEncoding("utf8");
            answer.on("data", (piece: string) => (text += piece));
            answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
          });
          asked.on("error", reject);
          asked.end(bytes);
        });
      const change = (
        all: readonly [string, string][],
        changed: Readonly<Record<string, string>>,
      ): [string, string][] => all.map(([name, value]) => [name, changed[name] ?? value]);

      test("is what the form does, also where a proxy calls the server by another name", async () => {
        const sent = change(await fields(), { concurrency: "4" });
        const answer = await post(sent, { host: "inside.example:1234" });
        expect(answer.status).toBe(200);
        expect(await limits()).toEqual({ concurrency: 4 });
      });

      test.each([
        ["another site", { origin: "https://evil.example" }, 403],
        [
          "another site that calls us by its name",
          { origin: "http://evil.example", host: "evil.example" },
          403,
        ],
        ["a frame without an origin", { origin: "null" }, 403],
        ["somebody who is not signed in", { cookie: "" }, 401],
      ])("of %s is refused", async (_who, headers, status) => {
        expect((await post(change(await fields(), { concurrency: "9" }), headers)).status).toBe(status);
        expect(await limits()).toEqual({ concurrency: 3 });
      });

      test("for another workspace changes nothing and says so", async () => {
        const sent = change(await fields(), {
          concurrency: "9",
          "cairn:workspace": "0198c2f4-6f0a-7c3e-9a51-2b7d4e8f9a10",
        });
        const answer = await post(sent);
        expect(answer.text).toContain("You are in another workspace now");
        expect(await limits()).toEqual({ concurrency: 3 });
      });

      test("with parts that nobody wrote is refused, and never an error of the server", async () => {
        const all = await fields();
        const names = all.map(([name]) => name);
        const action = names.find((name) => /^\$ACTION_\d+:0$/.test(name)) ?? "";
        const args = names.find((name) => /^\$ACTION_\d+:1$/.test(name)) ?? "";
        const forged: [Readonly<Record<string, string>>, number][] = [
          [{ [action]: '{"id":"constructor","bound":"$@1"}' }, 400],
          [{ [action]: `{"id":"${"60".padEnd(42, "0")}","bound":"$@1"}` }, 409],
          [{ [args]: '["$F1"]' }, 400],
          [{ [args]: "[[[[" }, 400],
          [{ "cairn:build": "another" }, 409],
          [{ concurrency: "9".repeat(300_000) }, 413],
        ];
        for (const [changed, status] of forged)
          expect((await post(change(all, { concurrency: "9", ...changed }))).status).toBe(status);
        expect((await post([...all, ["$ACTION_9:0", "{}"]])).status).toBe(400);
        expect(
          (await ask(Buffer.from("--x junk"), { "content-type": "multipart/form-data; boundary=x" })).status,
        ).toBe(405);
        expect(await limits()).toEqual({ concurrency: 3 });
      });
    });

    test("no page has a problem", () => {
      const expected = /Failed to load resource|net::ERR_INTERNET_DISCONNECTED|UnrecognizedAction/;
      expect(journey.problems.filter((problem) => !expected.test(problem))).toEqual([]);
    });
  },
);
