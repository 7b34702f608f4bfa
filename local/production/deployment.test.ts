import { expect, test } from "vitest";
import { openConfig } from "#/local/config.ts";
import { describeProduction } from "#/local/deployment.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const PLAIN = "postgres://reader:secret@db-2:5432/postgres";
const plan = (services: readonly string[], own: readonly string[]) => ({ services, own, told: [] });

test("an operator's PostgreSQL standby gets a door of its own, which the product is told of", async () => {
  const config = await openConfig(scratchDirectory());
  const { env, services, serviceEnv } = describeProduction(config, plan(["neon", "redis"], []), {
    DATABASE_URL: "postgres://db-1/postgres",
    DATABASE_URL_REPLICA: PLAIN,
  });
  expect(env["DATABASE_URL_REPLICA"]).toContain(`@127.0.0.1:${config.ports.replica}/cairn?sslmode=disable`);
  expect(services).toEqual(["neon", "redis,replica"]);
  expect(serviceEnv["CAIRN_POSTGRES_REPLICA_URL"]).toBe(PLAIN);
});

test("without one there is no door, and of Neon's replica the product is told as it is", async () => {
  const config = await openConfig(scratchDirectory());
  const none = describeProduction(config, plan(["neon"], []), { DATABASE_URL: "postgres://db-1/postgres" });
  const neon = describeProduction(config, plan(["redis"], ["DATABASE_URL"]), { DATABASE_URL_REPLICA: PLAIN });
  for (const { env, services } of [none, neon]) {
    expect(env).not.toHaveProperty("DATABASE_URL_REPLICA");
    expect(services.join()).not.toContain("replica");
  }
});
