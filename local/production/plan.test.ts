import { describe, expect, it } from "vitest";
import { planProduction } from "#/local/production/plan.ts";

const COMPLETE = {
  APP_URL: "https://cairn.example.com",
  DATABASE_URL: "postgres://postgres@127.0.0.1/postgres",
  REDIS_URL: "redis://127.0.0.1",
  LLM_BASE_URL: "http://127.0.0.1:8000/v1",
  LLM_API_KEY: "key",
  LLM_MODEL: "model",
  EMBEDDING_MODEL: "embedding",
  CAIRN_ADMIN_EMAIL: "ada@example.com",
};
const wishes = { offlineModel: false, hasPeople: false };

function plan(changes: Record<string, string | undefined> = {}, others = {}) {
  const outcome = planProduction({ ...COMPLETE, ...changes }, { ...wishes, ...others });
  return outcome.ok ? outcome.plan : outcome.problems;
}

describe("a production start", () => {
  it("names everything that is missing at once, each with what to do", () => {
    const outcome = planProduction({}, wishes);
    expect(outcome).toEqual({
      ok: false,
      problems: [
        expect.stringContaining("APP_URL is not set: the address that people open"),
        expect.stringContaining("DATABASE_URL is not set: a PostgreSQL"),
        expect.stringContaining("REDIS_URL is not set: a Redis"),
        expect.stringContaining("LLM_BASE_URL, LLM_API_KEY, LLM_MODEL, EMBEDDING_MODEL are not set"),
        expect.stringContaining("CAIRN_ADMIN_EMAIL is not set"),
      ],
    });
  });

  it("runs what comes along for what the operator has not, and says so", () => {
    expect(plan()).toMatchObject({
      services: ["neon", "redis", "qstash", "pinecone", "identity"],
      told: expect.arrayContaining([
        expect.stringContaining("queue: the queue that comes along"),
        expect.stringContaining("made and kept in config.json: SECRETS_KEY, METRICS_TOKEN, CRON_SECRET"),
      ]),
    });
  });

  it("uses the operator's own service when its variables are set, and asks for all of them", () => {
    expect(
      plan({ PINECONE_API_KEY: "pcsk", KV_REST_API_URL: "https://kv", KV_REST_API_TOKEN: "t" }),
    ).toMatchObject({
      services: ["neon", "qstash", "identity"],
    });
    expect(plan({ QSTASH_TOKEN: "t", QSTASH_URL: "https://q" })).toEqual([
      expect.stringContaining(
        "QSTASH_CURRENT_SIGNING_KEY is not set: QSTASH_TOKEN is, so the queue is yours",
      ),
      expect.stringContaining("QSTASH_NEXT_SIGNING_KEY is not set"),
    ]);
  });

  it("takes no address over which passwords would travel in the clear", () => {
    expect(plan({ APP_URL: "http://cairn.example.com" })).toEqual([
      expect.stringContaining("has to be https"),
    ]);
    expect(plan({ APP_URL: "https://example.com/cairn" })).toEqual([
      expect.stringContaining("scheme and host alone"),
    ]);
    expect(plan({ APP_URL: "http://localhost:3000" })).toHaveProperty("services");
  });

  it("says which settings it could not follow", () => {
    expect(plan({ DATABASE_URL_REPLICA: "postgres://replica" })).toEqual([
      expect.stringContaining("DATABASE_URL_REPLICA is set"),
    ]);
    expect(plan({ SECRETS_KEY: "short" })).toEqual([expect.stringContaining("SECRETS_KEY is too short")]);
  });

  it("has the offline model only when it is asked for", () => {
    expect(plan({ LLM_MODEL: undefined })).toEqual([expect.stringContaining("LLM_MODEL is not set")]);
    expect(plan({ LLM_MODEL: undefined }, { offlineModel: true })).toMatchObject({
      services: expect.arrayContaining(["openai"]),
    });
  });
});
