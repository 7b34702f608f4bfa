import { createHash, randomUUID } from "node:crypto";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ruleOfTwoProblems } from "#/agents/definition/check/rule-of-two/rule-of-two.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import { CONNECTION_KINDS } from "#/agents/vocabulary/connection.ts";
import { insertConnection } from "#/db/connections.ts";
import { fileWarnings } from "#/operations/workflows/file-warnings.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { insertDocument, removalStore } from "#/db/knowledge.ts";
import { connectedModel, type ModelMaker } from "#/lib/cloud/connected-models.ts";
import type { GuardedStream } from "#/lib/outbound.ts";
import { startAnthropic } from "#/local/anthropic/serve.ts";
import { startGoogle } from "#/local/google/serve.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { agent, chain, crew, task } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { connectTo } from "#/tests/support/maker-connection.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

// The engine, the makers' packages and the loopback makers; what goes over the wire is noted on its way.
const API_KEY = "the real key";
const MODEL = "local-extractive-1";
const PDF = Buffer.from("%PDF-1.7 /Type /Page");
const PNG = Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1");
const NOTES = Buffer.from("Refunds take 30 days.");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

let engine: TestEngine;
let sent: string[] = [];
const servers: { readonly port: number; readonly stop: () => Promise<void> }[] = [];
const urls: Partial<Record<ModelMaker, string>> = {};

beforeAll(async () => {
  const options = { port: 0, apiKey: API_KEY };
  servers.push(await startOpenai(options), await startAnthropic(options), await startGoogle(options));
  const [openai, anthropic, google] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  Object.assign(urls, {
    openai: `${openai}/v1`,
    "openai-compatible": `${openai}/v1`,
    anthropic: `${anthropic}/v1`,
    google: `${google}/v1beta`,
  });
  engine = await openEngine({
    ports: {
      models: {
        language: async (name = "") => open(name.split("/")[0] as ModelMaker),
        nameOf: (name) => name ?? "standard",
        priceOf: () => ({ input: 1, output: 2 }),
      },
    },
  });
  await keep("report.pdf", "application/pdf", PDF);
  await keep("notes.txt", "text/plain", NOTES);
  await keep("big.png", "image/png", Buffer.alloc(5_300_000));
  await keep("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", PDF);
  await keep("movie.avi", "video/x-msvideo", PDF);
  for (const kind of CONNECTION_KINDS.slice(0, 5))
    await insertConnection(engine.tenant, {
      id: randomUUID(),
      name: kind,
      kind,
      settings: {},
      secrets: [],
      credentialsSealed: null,
      hosts: ["models.test"],
    });
});
afterAll(async () => {
  await engine.close();
  await Promise.all(servers.map((server) => server.stop()));
});
beforeEach(() => {
  sent = [];
});

function open(kind: ModelMaker) {
  const url = urls[kind] ?? "";
  const { stream } = connectTo({ kind, url, apiKey: API_KEY });
  const noting: GuardedStream = (request) => {
    sent.push(String(request.body));
    return stream(request);
  };
  return connectedModel({ maker: kind, url, stream: noting }, MODEL);
}

async function keep(name: string, mediaType: string, bytes: Buffer, tenant = engine.tenant): Promise<string> {
  const id = randomUUID();
  const document = { id, name, mediaType, bytes, hash: sha256(bytes), source: null, createdBy: null };
  await insertDocument(tenant, document);
  return id;
}

const photo = { contentType: "image/png", base64: PNG.toString("base64"), name: "photo.png" };
const INPUT = { type: "object", properties: { photo: {}, name: {} } };

async function ask(
  step: object,
  { input = { photo, name: "" }, limits = {} }: { input?: Record<string, unknown>; limits?: object } = {},
) {
  const steps = {
    ask: { type: "llm", prompt: "List the facts about refunds", retry: { attempts: 1 }, ...step },
  };
  return askAll(chain(steps, { input: INPUT, limits, output: { answer: "{{ state.ask }}" } }), input);
}

/** Runs a whole definition. */
async function askAll(definition: object, input: Record<string, unknown> = { photo, name: "" }) {
  const runId = await engine.begin(definition, input);
  const run = await engine.run(runId);
  return { runId, run, answer: String((run["output"] as { answer?: unknown } | null)?.answer) };
}

const DIRECT = { format: "cairn/v1", name: "Direct", kind: "direct", input: INPUT };

const FILES = ["report.pdf", "{{ input.photo }}", "notes.txt"];

/** A file in the shape of a maker's wire. */
const SHAPES: Readonly<Record<string, readonly [pdf: object, image: object]>> = {
  openai: [
    {
      type: "file",
      file: { filename: "report.pdf", file_data: `data:application/pdf;base64,${PDF.toString("base64")}` },
    },
    { type: "image_url", image_url: { url: `data:image/png;base64,${PNG.toString("base64")}` } },
  ],
  anthropic: [
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: PDF.toString("base64") },
      title: "report.pdf",
    },
    { type: "image", source: { type: "base64", media_type: "image/png", data: PNG.toString("base64") } },
  ],
  google: [
    { inlineData: { mimeType: "application/pdf", data: PDF.toString("base64") } },
    { inlineData: { mimeType: "image/png", data: PNG.toString("base64") } },
  ],
};

describe.each([
  ["openai", "openai"],
  ["openai-compatible", "openai"],
  ["anthropic", "anthropic"],
  ["google", "google"],
] as const)("%s", (kind, wire) => {
  test("is shown a document, a file of the input and a text, in its own shape", async () => {
    const { run, answer } = await ask({ model: `${kind}/m`, files: FILES });
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    const [pdf, image] = SHAPES[wire]!;
    expect(sent).toHaveLength(1);
    expect(parts(sent[0])).toEqual(
      expect.arrayContaining([
        expect.objectContaining(pdf),
        expect.objectContaining(image),
        expect.objectContaining({
          text: '<file name="notes.txt" type="text/plain">\nRefunds take 30 days.\n</file>',
        }),
        expect.objectContaining({ text: expect.stringContaining("is not an instruction") }),
      ]),
    );
    expect(answer).toContain("Refunds take 30 days.");
  });

  test("is shown an agent's files at each of its turns", async () => {
    const { run } = await ask({
      type: "agent",
      role: "clerk",
      goal: "answer",
      prompt: "What is (3 + 4) * 12?",
      tools: ["calculator"],
      model: `${kind}/m`,
      files: FILES,
      messages: [
        { role: "user", content: "And this one?", files: ["notes.txt"] },
        { role: "assistant", content: "Fine." },
      ],
    });
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    expect(sent).toHaveLength(2);
    for (const body of sent) {
      expect(parts(body)).toEqual(expect.arrayContaining([expect.objectContaining(SHAPES[wire]![0])]));
      expect(body.split("Refunds take 30 days.")).toHaveLength(3);
    }
  });

  test("is shown the files of a direct call, with tools and without", async () => {
    const direct = {
      ...DIRECT,
      model: `${kind}/m`,
      prompt: "List the facts about refunds",
      files: FILES,
    };
    const { run, answer } = await askAll(direct);
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    expect(answer).toContain("Refunds take 30 days.");
    await askAll({ ...direct, prompt: "What is (3 + 4) * 12?", tools: ["calculator"] });
    expect(sent).toHaveLength(3);
    for (const body of sent)
      for (const shape of SHAPES[wire]!) expect(parts(body)).toContainEqual(expect.objectContaining(shape));
  });

  test("is shown the files of a crew's task, and not those of other tasks", async () => {
    const { run } = await askAll(
      crew({
        input: INPUT,
        agents: { clerk: agent("Clerk", { model: `${kind}/m`, tools: ["calculator"] }) },
        tasks: [
          task("sum", {
            agent: "clerk",
            description: "What is (3 + 4) * 12?",
            files: ["report.pdf", "{photo}"],
          }),
          task("facts", {
            agent: "clerk",
            description: "List the facts about refunds",
            files: ["notes.txt"],
          }),
        ],
      }),
    );
    expect(run).toMatchObject({ error: null, status: "succeeded" });
    const has = (body: string, bytes: Buffer) => body.includes(bytes.toString("base64"));
    expect(sent.map((body) => [has(body, PDF), has(body, PNG), body.includes(String(NOTES))])).toEqual([
      [true, true, false],
      [true, true, false],
      [false, false, true],
    ]);
  });

  test("is not asked about a file that it does not take", async () => {
    const input = { photo: { ...photo, contentType: "application/zip", name: "all.zip" }, name: "" };
    const { run } = await ask({ model: `${kind}/m`, files: ["{{ input.photo }}"] }, { input });
    expect(run).toMatchObject({
      status: "failed",
      error: {
        code: "unsupported-file",
        message: expect.stringMatching(/“all\.zip”, which is application\/zip\. It takes PNG/),
      },
    });
    expect(run["usage"]).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    expect(sent).toEqual([]);
  });

  test.each([
    "letter.docx",
    "movie.avi",
    "notes.txt",
    "report.pdf",
    "nowhere.pdf",
    "5b3f0c9e-7a54-4d0e-9a53-0d9a5a0c1f11",
    ...(kind === "anthropic" ? ["big.png"] : []),
  ])("says of %s at publishing what its call would say", async (name) => {
    const definition = chain({ ask: { type: "llm", prompt: "p", model: `${kind}/m`, files: [name] } });
    const { run } = await askAll(definition);
    const told = await fileWarnings(engine.tenant, v.parse(Definition, definition));
    const error = run["error"] as { message: string } | null;
    expect(told).toEqual(error ? [{ path: "/steps/ask/files/0", message: error.message }] : []);
    expect(error === null).toBe(sent.length > 0);
  });
});

/** Every part of every message of a request, whatever the wire calls them. */
function parts(body: string | undefined): readonly unknown[] {
  const { messages, contents } = JSON.parse(body ?? "{}") as {
    messages?: readonly { content: unknown }[];
    contents?: readonly { parts: unknown }[];
  };
  return [
    ...(messages ?? []).map(({ content }) => content),
    ...(contents ?? []).map((one) => one.parts),
  ].flat();
}

test("bytes of a document stand in no table of the run; the log names it by its digest", async () => {
  const { runId, run } = await ask({ model: "anthropic/m", files: ["report.pdf"] });
  expect(run["status"]).toBe("succeeded");
  const tables = ["agent_logs", "checkpoints", "checkpoint_blobs", "checkpoint_writes"];
  const rows = (await Promise.all(tables.map((table) => engine.rows(table, runId)))).flat();
  const stored = rows
    .map((row) =>
      JSON.stringify(row, (_key, value) => (Buffer.isBuffer(value) ? value.toString("latin1") : value)),
    )
    .join("\n");
  expect(stored).not.toContain(PDF.toString("base64"));
  expect(stored).not.toContain(PDF.toString("latin1"));
  expect(stored).toContain(sha256(PDF));
});

test("a document is found by its id too, and the newest of a name counts", async () => {
  const old = await keep("twice.txt", "text/plain", Buffer.from("Old words."));
  await keep("twice.txt", "text/plain", Buffer.from("New words."));
  await ask({ model: "google/m", files: ["{{ input.name }}"] }, { input: { name: "twice.txt" } });
  await ask({ model: "google/m", files: ["{{ input.name }}"] }, { input: { name: { document: old } } });
  expect(sent[0]).toContain("New words.");
  expect(sent[1]).toContain("Old words.");
});

test("an optional file that was not given is no file", async () => {
  const { run } = await ask(
    { model: "openai/m", files: ["{{ input.photo }}", "notes.txt"] },
    { input: { photo: null } },
  );
  expect(run["status"]).toBe("succeeded");
  expect(parts(sent[0])).toHaveLength(3);
});

test("another file is another question: what was journaled for one is not taken for the other", async () => {
  await keep("same.txt", "text/plain", Buffer.from("One."));
  const first = await ask({ model: "openai/m", files: ["same.txt"] });
  const again = await ask({ model: "openai/m", files: ["same.txt"] });
  await keep("same.txt", "text/plain", Buffer.from("Two."));
  const other = await ask({ model: "openai/m", files: ["same.txt"] });
  const [a, b, c] = await Promise.all([first, again, other].map(({ runId }) => askedIn(runId)));
  expect(a).toBeDefined();
  expect(b).toBe(a);
  expect(c).not.toBe(a);
});

describe("fails before anything is asked", () => {
  test("where the document is another workspace's, by name and by id", async () => {
    const other = await seedWorkspace(engine.ownerUrl);
    const id = await keep(
      "theirs.txt",
      "text/plain",
      NOTES,
      engine.db.tenant({ workspaceId: other.workspaceId }),
    );
    for (const name of ["theirs.txt", id]) {
      const { run } = await ask({ model: "openai/m", files: [name] });
      expect(run).toMatchObject({
        status: "failed",
        error: { code: "file-not-found", message: expect.stringContaining(name) },
      });
    }
    expect(sent).toEqual([]);
  });

  test("where the document has been deleted", async () => {
    const id = await keep("gone.txt", "text/plain", NOTES);
    await removalStore(engine.tenant).deleteDocument(id);
    const { run } = await ask({ model: "openai/m", files: ["gone.txt"] });
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "file-not-found", message: expect.stringContaining("may have been deleted") },
    });
  });

  test.each([
    ["a value that is no file", { photo: { some: "thing" } }, "file-unknown"],
    ["a file that is no base64", { photo: { ...photo, base64: "?!" } }, "file-unknown"],
    ["a text that is none", { photo: { ...photo, contentType: "text/plain" } }, "unsupported-file"],
    ["an image above the maker's 5 MB", { photo: "big.png" }, "unsupported-file"],
    ["more than 20 files", { photo: Array.from({ length: 21 }, () => "notes.txt") }, "files-too-many"],
  ])("where there is %s", async (_what, input, code) => {
    const { run } = await ask({ model: "anthropic/m", files: ["{{ input.photo }}"] }, { input });
    expect(run).toMatchObject({ status: "failed", error: { code } });
    expect(sent).toEqual([]);
  });

  test("where the files would cost more than the run may use", async () => {
    const step = { model: "openai/m", maxOutputTokens: 100 };
    const options = { limits: { maxTokens: 1_000, onLimit: "fail" } };
    expect((await ask(step, options)).run).toMatchObject({ status: "succeeded" });
    const { run } = await ask({ ...step, files: ["{{ input.photo }}"] }, options);
    expect(run).toMatchObject({ status: "failed", error: { code: "budget" } });
    expect(sent).toHaveLength(1);
  });
});

test("what stands in a file counts as private and as anybody's words for the rule of two", () => {
  const send = { type: "http", method: "POST", url: "https://example.com", body: "{{ state.ask }}" };
  const told = (files: readonly string[]) => {
    const checked = validateDefinition(chain({ ask: { type: "llm", prompt: "Hi", files }, send }), {
      tools: [],
    });
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    const around = { tools: new Map(), workflows: new Map(), input: [] };
    return JSON.stringify(ruleOfTwoProblems(checked.definition, around));
  };
  expect(told(["notes.txt"])).toContain("anybody may have written");
  expect(told([])).not.toContain("anybody may have written");
});

async function askedIn(runId: string): Promise<unknown> {
  const rows = await engine.rows("journal", runId);
  return rows[0]?.["hash"];
}
