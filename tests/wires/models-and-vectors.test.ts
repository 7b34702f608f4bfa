import { generateText } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddingModel, embedTexts, languageModel } from "#/lib/cloud/models.ts";
import { ensureIndex, forgetPassages, searchPassages, storePassages } from "#/lib/cloud/vectors.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

// Our two adapters on real wires.
let openai: Awaited<ReturnType<typeof startOpenai>>;
let pinecone: Awaited<ReturnType<typeof startPinecone>>;

beforeAll(async () => {
  openai = await startOpenai({ port: 0, apiKey: "llm-key" });
  pinecone = await startPinecone({ port: 0, apiKey: "vector-key", dataDir: undefined });
  setEnvironment({
    LLM_BASE_URL: `http://127.0.0.1:${openai.port}/v1`,
    LLM_API_KEY: "llm-key",
    PINECONE_API_KEY: "vector-key",
    PINECONE_CONTROLLER_HOST: `http://127.0.0.1:${pinecone.port}`,
    EMBEDDING_DIMENSIONS: "64",
  });
  await ensureIndex(64);
});
afterAll(async () => {
  await openai.stop();
  await pinecone.stop();
});

const signal = new AbortController().signal;
const planVectorFault = (fault: object) =>
  fetch(`http://127.0.0.1:${pinecone.port}/_faults`, {
    method: "POST",
    headers: { "api-key": "vector-key" },
    body: JSON.stringify(fault),
  });

describe("models", () => {
  it("calls the configured endpoint and model", async () => {
    const { text } = await generateText({ model: languageModel(), prompt: "Say hello" });
    expect(text).toContain("Nothing to quote");
  });

  it("sends gateway ids to the gateway, without the prefix", () => {
    expect(languageModel("gateway:openai/gpt-5-mini")).toMatchObject({
      modelId: "openai/gpt-5-mini",
      provider: "gateway",
    });
    expect(languageModel("other")).toMatchObject({ modelId: "other" });
    expect(embeddingModel()).toMatchObject({ modelId: "local-hash-1024" });
  });

  it("embeds many texts in batches, in order and of the configured size", async () => {
    const before = openai.requests().length;
    const texts = Array.from({ length: 200 }, (_, place) => `passage number ${place}`);
    const vectors = await embedTexts(texts, signal);
    expect(openai.requests().length - before).toBe(3);
    expect(vectors).toHaveLength(200);
    expect(vectors[0]).toHaveLength(64);
    expect(vectors[150]).toEqual((await embedTexts(["passage number 150"], signal))[0]);
  });

  it("stops embedding when told to", async () => {
    await expect(embedTexts(["text"], AbortSignal.abort())).rejects.toThrow("abort");
  });
});

describe("vectors", () => {
  const passage = (id: string, place: number, metadata: Record<string, string | number> = {}) => ({
    id,
    values: Array.from({ length: 64 }, (_, slot) => (slot === place ? 1 : 0.01)),
    metadata: { text: `text of ${id}`, ...metadata },
  });
  const search = async (workspaceId: string, place: number, filter?: Record<string, unknown>) =>
    (await searchPassages(workspaceId, { values: passage("q", place).values, topK: 3, filter })).map(
      ({ id }) => id,
    );

  it("can be prepared twice", async () => {
    await expect(ensureIndex(64)).resolves.toBeUndefined();
  });

  it("finds the nearest passages of the workspace only, with their metadata", async () => {
    await storePassages("ws-1", [
      passage("a", 1, { documentId: "d1" }),
      passage("b", 2, { documentId: "d2" }),
    ]);
    await storePassages("ws-2", [passage("c", 1)]);
    const matches = await searchPassages("ws-1", { values: passage("q", 1).values, topK: 1 });
    expect(matches).toMatchObject([{ id: "a", metadata: { text: "text of a", documentId: "d1" } }]);
    expect(matches[0]?.score).toBeCloseTo(1, 5);
    expect(await search("ws-1", 1, { documentId: "d2" })).toEqual(["b"]);
    expect(await search("ws-2", 1)).toEqual(["c"]);
    expect(await search("ws-unknown", 1)).toEqual([]);
  });

  it("stores and forgets more than one request may hold", async () => {
    const many = Array.from({ length: 250 }, (_, place) => passage(`p${place}`, place % 64));
    await storePassages("ws-many", many);
    expect(await search("ws-many", 63)).toHaveLength(3);
    await forgetPassages("ws-many", [...many.map(({ id }) => id), "unknown"]);
    expect(await search("ws-many", 63)).toEqual([]);
  });

  it("waits out a limit, but not a mistake", async () => {
    await planVectorFault({ path: "/query", status: 429, times: 2 });
    expect(await search("ws-1", 1)).toContain("a");
    await expect(searchPassages("ws-1", { values: [1, 2], topK: 1 })).rejects.toThrow("dimension");
  });

  it("gives up when the limit stays", async () => {
    await planVectorFault({ path: "/upsert", status: 429, times: 4 });
    await expect(storePassages("ws-1", [passage("z", 3)])).rejects.toThrow("429");
    await storePassages("ws-1", [passage("z", 3)]);
    expect(await search("ws-1", 3)).toContain("z");
  });
});
