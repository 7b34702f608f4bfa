import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { insertFork } from "#/db/forks.ts";
import { NotConnected, type OutboundRequest, type OutboundResponse } from "#/lib/outbound.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { chain } from "#/tests/support/definitions.ts";

const TOKEN = 'tk/live+9f"é 81^x=';
const PASSWORD = "pa55-w0rd";
const SECRETS: Readonly<Record<string, string>> = {
  TOKEN,
  PASSWORD,
  HOOK: "https://hooks.test/services/T0/B0/xyz",
  USER: "bob",
  UNBOUND: "un-8ound-value",
  NARROW: "narr0w-value",
};
/** Of those that are not bound to both of the servers here. */
const HOSTS: Readonly<Record<string, readonly string[] | null>> = {
  UNBOUND: null,
  NARROW: ["api.test:8443", "*.wide.test"],
};
/** However it is written down. */
const forms = (value: string) => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString("base64"),
  Buffer.from(value).toString("hex"),
  new URLSearchParams({ v: value }).toString().slice(2),
];
const BASIC = Buffer.from(`u:${PASSWORD}`).toString("base64");
const TRACES = [...[TOKEN, PASSWORD, "T0/B0/xyz"].flatMap(forms), BASIC];

const call = {
  type: "http",
  method: "POST",
  url: "https://api.test/{{ secrets.TOKEN }}/items",
  headers: {
    authorization: "Bearer {{ secrets.TOKEN }}",
    "x-basic": "Basic {{ bytes('u:' + secrets.PASSWORD).base64() }}",
  },
  query: { key: "{{ secrets.TOKEN }}" },
  body: { password: "{{ secrets.PASSWORD }}", list: ["{{ secrets.TOKEN }}!"] },
};

const readBearer = ({ headers }: OutboundRequest) =>
  headers?.["authorization"]?.slice("Bearer ".length) ?? "nobody";

/** Says back all that it was sent, in every place where a server might. */
const echo = (request: OutboundRequest, status = 200): OutboundResponse => ({
  url: request.url,
  status,
  headers: { "content-type": "application/json", "x-echo": request.headers?.["authorization"] ?? "" },
  body: JSON.stringify({
    ...request,
    signal: undefined,
    [readBearer(request)]: Buffer.from(readBearer(request)).toString("base64"),
  }),
});

describeOnPostgres("a secret", (kind) => {
  let engine: TestEngine;
  let serve: (request: OutboundRequest, call: number) => OutboundResponse | Error = (request) =>
    echo(request);
  let sent: OutboundRequest[] = [];
  let asked: string[][] = [];
  const told: unknown[] = [];
  beforeAll(async () => {
    engine = await openEngine({
      engine: kind,
      ports: {
        secrets: async (names) => {
          asked.push([...names]);
          return names.flatMap((name) =>
            name in SECRETS
              ? [
                  {
                    name,
                    hosts: name in HOSTS ? (HOSTS[name] ?? null) : ["api.test", "hooks.test", "tool.test"],
                    open: () => SECRETS[name] ?? "",
                  },
                ]
              : [],
          );
        },
        fetch: async (request) => {
          sent.push(request);
          const answer = serve(request, sent.length);
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
    });
    vi.spyOn(engine.runner.live, "show").mockImplementation((...shown) => void told.push(shown));
    vi.spyOn(engine.runner.observe, "stepFailed").mockImplementation((...failed) => void told.push(failed));
    vi.spyOn(engine.runner.observe, "superstepCommitted").mockImplementation(
      (...committed) => void told.push(committed),
    );
  });
  beforeEach(() => {
    serve = (request) => echo(request);
    sent = [];
    asked = [];
  });
  afterAll(() => engine.close());

  /** Every table in which something of a value stands, and every report of the engine. */
  async function leaks(): Promise<readonly string[]> {
    const tables = await engine.owner(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'storage')",
    );
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const rows = await engine.owner(`select t::text as row from ${String(name)} t`);
        return rows
          .flatMap(({ row }) => tracesIn(String(row).replaceAll('""', '"').replaceAll("\\\\", "\\")))
          .map((trace) => `${String(name)}: ${trace}`);
      }),
    );
    return [
      ...found.flat(),
      ...tracesIn(
        inspect(told, { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true }),
      ).map((trace) => `told: ${trace}`),
    ];
  }
  const tracesIn = (text: string) => TRACES.filter((trace) => text.includes(trace));
  const findOpenApproval = async (runId: string) => (await engine.openApprovals(runId))[0];
  async function decide(runId: string, action: string, values?: unknown) {
    await engine.decide(runId, { action, values });
    await engine.settle();
  }

  test("reaches the target whole, and nothing else: no table, no live output, no report", async () => {
    const runId = await engine.begin(
      chain({ call, next: { type: "set", values: { heard: "{{ state.call }}" } } }),
    );
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    const url = new URL(sent[0]?.url ?? "");
    expect(url.searchParams.get("key")).toBe(TOKEN);
    expect(sent).toMatchObject([
      {
        headers: { authorization: `Bearer ${TOKEN}`, "x-basic": `Basic ${BASIC}` },
        body: JSON.stringify({ list: [`${TOKEN}!`], password: PASSWORD }),
        staysAtOrigin: true,
      },
    ]);
    expect(asked).toEqual([["TOKEN", "PASSWORD"]]);
    expect((await engine.rows("side_effects", runId))[0]).toMatchObject({
      target: "POST https://api.test/•••TOKEN/items?key=•••TOKEN",
      request: { body: '{"list":["•••TOKEN!"],"password":"•••PASSWORD"}' },
    });
    expect(JSON.stringify((await engine.run(runId))["output"])).toContain("Bearer •••TOKEN");
    expect(await leaks()).toEqual([]);
  });

  const sending = (url: string, secret: string) =>
    chain({
      call: {
        type: "http",
        method: "POST",
        url,
        headers: { authorization: `Bearer {{ secrets.${secret} }}` },
      },
    });

  test.each([
    ["another host", "https://evil.test/collect", "NARROW", "secret-elsewhere"],
    ["the same host on another port", "https://api.test/", "NARROW", "secret-elsewhere"],
    ["the domain itself, where its subdomains are meant", "https://wide.test/", "NARROW", "secret-elsewhere"],
    ["a host that only ends the same", "https://evilwide.test/", "NARROW", "secret-elsewhere"],
    ["a host that an input names", "https://{{ input.host }}/", "TOKEN", "secret-elsewhere"],
    ["any host, while nobody has said which", "https://api.test/", "UNBOUND", "secret-unbound"],
  ])("is not sent to %s, and no write is in doubt", async (_what, url, secret, code) => {
    const runId = await engine.begin(sending(url, secret), { host: "evil.test" });
    expect(sent).toEqual([]);
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: { step: "call", code, message: expect.stringMatching(/admin/) as string },
    });
    expect(await engine.rows("approvals", runId)).toEqual([]);
    expect(await leaks()).toEqual([]);
  });

  test("is sent to the hosts it is bound to", async () => {
    for (const url of ["https://api.test:8443/", "https://a.b.wide.test/x"])
      await engine.begin(sending(url, "NARROW"));
    expect(sent.map(({ url }) => url)).toEqual(["https://api.test:8443/", "https://a.b.wide.test/x"]);
  });

  test("is not given to a tool that sends elsewhere: not to the search, whose words go to the model of embeddings", async () => {
    const runId = await engine.begin(
      chain({
        call: { type: "tool", tool: "knowledge_search", input: { query: "about {{ secrets.TOKEN }}" } },
      }),
    );
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "secret-elsewhere" } });
  });

  test("is in no error, whether the target refuses, repeats it at the cut, or cannot be reached", async () => {
    serve = (request) => ({ ...echo(request, 400), body: `${"x".repeat(295)}${TOKEN}` });
    const refused = await engine.begin(chain({ call }));
    expect((await engine.run(refused))["error"]).toMatchObject({
      code: "http-400",
      message: expect.stringContaining("POST https://api.test/•••TOKEN/items") as string,
    });
    serve = (request) =>
      Object.assign(
        new NotConnected(new Error(`connect ECONNREFUSED ${request.url}`, { cause: new Error(PASSWORD) })),
        { request },
      );
    const unreachable = await engine.begin(chain({ call: { ...call, retry: { attempts: 1 } } }));
    expect((await engine.run(unreachable))["error"]).toMatchObject({ code: "http-unreachable" });
    const wrong = await engine.begin(chain({ call: { ...call, url: "{{ secrets.PASSWORD }}" } }));
    expect(await engine.run(wrong)).toMatchObject({ status: "failed" });
    expect(await leaks()).toEqual([]);
    expect(JSON.stringify(await engine.run(refused))).not.toContain(TOKEN.slice(0, 6));
  });

  test("is in no question to a person about a write that was left without an answer", async () => {
    serve = (_request, count) =>
      count === 1
        ? Object.assign(new Error(`socket hang up ${TOKEN}`), { code: "ECONNRESET" })
        : echo(_request);
    const runId = await engine.begin(chain({ call }));
    expect(await findOpenApproval(runId)).toMatchObject({
      subject: "side_effect",
      title: expect.stringContaining("•••TOKEN") as string,
    });
    await decide(runId, "retry");
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    expect(sent.map(({ headers }) => headers?.["authorization"])).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(await leaks()).toEqual([]);
  });

  test("may be a whole address, and less than a whole text", async () => {
    const runId = await engine.begin(
      chain({
        hook: {
          type: "http",
          method: "POST",
          url: "{{ secrets.HOOK }}",
          body: { user: "{{ secrets.USER + '@' + input.host }}" },
        },
      }),
      { host: "a.test" },
    );
    expect(sent).toMatchObject([{ url: SECRETS["HOOK"], body: '{"user":"bob@a.test"}' }]);
    expect((await engine.rows("side_effects", runId))[0]).toMatchObject({ target: "POST •••HOOK" });
    expect(await leaks()).toEqual([]);
  });

  test("that is not there fails the step before anything is sent, and says where to set it", async () => {
    const runId = await engine.begin(
      chain({ call: { ...call, headers: { "x-key": "{{ secrets.NOBODY }}" } } }),
    );
    expect((await engine.run(runId))["error"]).toMatchObject({
      code: "secret-missing",
      step: "call",
      message: expect.stringMatching(/“NOBODY”.*Settings.*PUT \/api\/v1\/secrets\/NOBODY/) as string,
    });
    expect(sent).toEqual([]);
  });

  test("is not read for steps that name none", async () => {
    await engine.begin(
      chain({
        plain: { type: "http", url: "https://api.test/" },
        note: { type: "set", values: { text: "no secrets here" } },
      }),
    );
    expect(asked).toEqual([]);
    expect(sent[0]).not.toHaveProperty("staysAtOrigin");
  });

  test("is not sent again by a retry or a fork that takes the result over", async () => {
    const definition = chain({
      call,
      gate: { type: "http", url: "https://api.test/gate", retry: { attempts: 1 } },
    });
    serve = (request) => (request.url.endsWith("/gate") ? echo(request, 400) : echo(request));
    const origin = await engine.begin(definition);
    expect(await engine.run(origin)).toMatchObject({ status: "failed" });
    serve = (request) => echo(request);
    const fork = async (superstep: number | null) => {
      const forked = await insertFork(engine.tenant, {
        id: randomUUID(),
        origin,
        superstep,
        fresh: false,
        state: {},
        reuses: true,
        trigger: { kind: "manual" },
      });
      if (!("runId" in forked)) throw new Error(JSON.stringify(forked));
      await engine.deliver(forked.runId);
      return forked.runId;
    };
    sent = [];
    expect(await engine.run(await fork(null))).toMatchObject({ status: "succeeded" });
    expect(await engine.run(await fork(0))).toMatchObject({ status: "succeeded" });
    expect(sent.filter(({ url }) => !url.endsWith("/gate"))).toEqual([]);
    expect(await leaks()).toEqual([]);
  });

  test("serves a tool, also when a person has edited the arguments around it", async () => {
    const tool = {
      type: "tool",
      tool: "http_request",
      input: {
        url: "https://tool.test/{{ input.n }}",
        method: "POST",
        headers: { "x-key": "{{ secrets.TOKEN }}" },
        body: { note: "as it was" },
      },
      toolPolicy: { http_request: "approve" },
    };
    const approved = await engine.begin(chain({ tool }), { n: 1 });
    expect(await findOpenApproval(approved)).toMatchObject({ shown: { headers: { "x-key": "•••TOKEN" } } });
    await decide(approved, "approve");
    const edited = await engine.begin(chain({ tool }), { n: 2 });
    const shown = (await findOpenApproval(edited))?.["shown"];
    await decide(edited, "edit", { arguments: { ...(shown as object), body: { note: "edited" } } });
    expect(await engine.run(edited)).toMatchObject({ status: "succeeded" });
    expect(sent).toMatchObject([
      {
        url: "https://tool.test/1",
        headers: { "x-key": TOKEN },
        body: '{"note":"as it was"}',
        staysAtOrigin: true,
      },
      { url: "https://tool.test/2", headers: { "x-key": TOKEN }, body: '{"note":"edited"}' },
    ]);
    expect(await leaks()).toEqual([]);
  });

  test("serves every item of a map, in this run and in runs of their own", async () => {
    const one = { ...call, url: "https://api.test/{{ item }}", query: {} };
    const narrow = await engine.begin(chain({ each: { type: "map", items: "{{ [1, 2] }}", do: one } }));
    const wide = await engine.begin(
      chain({
        each: {
          type: "map",
          items: "{{ [1, 2, 3] }}",
          do: {
            steps: { one },
            edges: [
              { from: "start", to: "one" },
              { from: "one", to: "end" },
            ],
            output: "{{ state.one.status }}",
          },
        },
      }),
    );
    expect(await engine.run(narrow)).toMatchObject({ status: "succeeded" });
    expect(await engine.run(wide)).toMatchObject({ status: "succeeded", output: { each: [200, 200, 200] } });
    expect(sent.map(({ headers }) => headers?.["authorization"])).toEqual(
      Array.from({ length: 5 }, () => `Bearer ${TOKEN}`),
    );
    expect(await leaks()).toEqual([]);
  });
});
