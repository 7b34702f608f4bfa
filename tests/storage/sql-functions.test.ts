import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FunctionFile, readFunctionFiles } from "#/db/function-files.ts";
import { migrateToLatest } from "#/db/migrate.ts";
import { describeOnEachEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { listFunctions, query, type SqlFunction } from "#/tests/support/sql-functions.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const LAST_MIGRATION_WITH_FUNCTIONS = "0037";

const files = await readFunctionFiles();
const compact = (signature: string) => signature.replaceAll(", ", ",");
const readBody = ({ text }: FunctionFile) => /^as \$\$(.*)^\$\$;$/ms.exec(text)?.[1];

describeOnEachEngine("the SQL functions of a migrated database", (engine) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase(engine);
  });
  afterAll(() => database.stop());

  const migrate = async () => migrateToLatest(database.ownerUrl, database.runtimeUrl);
  const owner = async (text: string) => query(database.ownerUrl, text);

  test("are those of the files, body by body, and there is no other", async () => {
    const functions = await listFunctions(database.ownerUrl);
    const made = functions.map(({ signature, body }) => [
      signature.replaceAll("timestamp with time zone", "timestamptz"),
      body,
    ]);
    const written = files.map((file) => [compact(file.signature), readBody(file)]);
    expect(Object.fromEntries(made)).toEqual(Object.fromEntries(written));
    expect(made).toHaveLength(written.length);
  });

  test("have everything else from the files too: results, volatility, settings, rights", async () => {
    const before = await listFunctions(database.ownerUrl);
    await owner("update app.function_files set hash = ''");
    expect((await migrate()).functions).toEqual(files.map((file) => file.path));
    expect(await listFunctions(database.ownerUrl)).toEqual(before);
  });

  test("can be called by the product's roles; those of the storage by the tick's alone", async () => {
    const functions = await listFunctions(database.ownerUrl);
    const callers = ({ grants }: SqlFunction) => new Set(grants.map((grant) => grant.split("=")[0]));
    const roles = new Set(["app_runtime", "app_system", "app_tenant"]);
    const withheld = functions.filter(
      (one) => one.signature.startsWith("app.") && !roles.isSubsetOf(callers(one)),
    );
    expect(withheld).toEqual([]);
    const everybody = new Set(["", "app_runtime", "app_tenant"]);
    const leaked = functions.filter(
      (one) => one.signature.startsWith("storage.") && !everybody.isDisjointFrom(callers(one)),
    );
    expect(leaked).toEqual([]);
  });

  test("follow their file when it has changed, and nothing else is touched", async () => {
    const before = await listFunctions(database.ownerUrl);
    await owner("create or replace function app.user_id() returns uuid language sql as 'select null::uuid'");
    await owner("update app.function_files set hash = 'of an older file' where path = 'access/user_id.sql'");
    expect(await migrate()).toEqual({ migrations: [], functions: ["access/user_id.sql"] });
    expect(await listFunctions(database.ownerUrl)).toEqual(before);
    expect(await migrate()).toEqual({ migrations: [], functions: [] });
  });

  test("change their result with the file; what has no file is dropped, what is missing comes back", async () => {
    const before = await listFunctions(database.ownerUrl);
    await owner("drop function app.holds_run(uuid, uuid, bigint)");
    await owner(
      "create function app.holds_run(a uuid, b uuid, c bigint) returns text language sql as 'select null'",
    );
    await owner("update app.function_files set hash = '' where path = 'kept/holds_run.sql'");
    await owner("drop function app.overspent(jsonb, bigint, double precision, jsonb)");
    await owner("create function app.overspent(jsonb) returns text language sql as 'select null'");
    const { functions } = await migrate();
    expect(functions).toEqual(["budgets/overspent.sql", "kept/holds_run.sql", "app.overspent(jsonb)"]);
    expect(await listFunctions(database.ownerUrl)).toEqual(before);
  });
});

describe("the files of SQL functions", () => {
  test("are called as their function, say its promise above it, and fit the page", () => {
    for (const { path: file, text, signature } of files) {
      expect(signature, file).toMatch(new RegExp(`^(app|storage)\\.${path.basename(file, ".sql")}\\(`));
      expect(text, file).toMatch(/^-- \S/);
      expect(text.match(/create or replace function/g), file).toHaveLength(1);
      const long = text.split("\n").filter((line) => line.length > 110);
      expect(long, file).toEqual([]);
    }
  });

  test("that are kept for processes of an older version say until when, and are gone by then", () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    const isOver = (until: string) => until.localeCompare(version, "en", { numeric: true }) <= 0;
    const kept = files.map((file) => ({
      ...file,
      until: /^-- kept until (\d+\.\d+\.\d+): /.exec(file.text)?.[1],
    }));
    const marked = kept.filter(({ until }) => until !== undefined).map((file) => file.path);
    expect(marked).toEqual(files.map((file) => file.path).filter((file) => file.startsWith("kept/")));
    expect(kept.filter(({ until }) => until !== undefined && isOver(until))).toEqual([]);
  });

  test("are the only place: migrations change tables, and make stubs of new functions at most", () => {
    const folder = path.join(ROOT, "migrations");
    const later = readdirSync(folder)
      .filter((file) => file.endsWith(".up.sql") && file > `${LAST_MIGRATION_WITH_FUNCTIONS}~`)
      .map((file) => readFileSync(path.join(folder, file), "utf8"));
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((text) => /create or replace function/i.test(text))).toEqual([]);
    const stubs = later.flatMap((text) =>
      [...text.matchAll(/create function ([a-z_.]+)/gi)].map(([, name]) => name),
    );
    const made = new Set(files.map(({ signature }) => signature.slice(0, signature.indexOf("("))));
    expect(stubs.filter((name) => name === undefined || !made.has(name))).toEqual([]);
  });
});
