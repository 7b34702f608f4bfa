import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain } from "#/tests/support/definitions.ts";
import { minimalDocx } from "#/tests/support/files.ts";

let api: TestApi;
let ours: Caller;
beforeAll(async () => {
  api = await openApi();
  ours = await api.workspace();
});
afterAll(() => api.stop());

test("a file that the model of its step does not take is told of at its place, in every way of checking, and keeps nothing from being published", async () => {
  const upload = new FormData();
  upload.append("file", new Blob([Buffer.from(minimalDocx("Words."))]), "letter.docx");
  expect((await ours.call("POST", "/api/v1/documents", { body: upload })).status).toBe(202);
  const connection = { name: "claude", kind: "anthropic", fields: { apiKey: "k" } };
  expect((await ours.call("POST", "/api/v1/connections", { body: connection })).status).toBe(201);
  const scan = { type: "string", contentEncoding: "base64", contentMediaType: "image/tiff" };
  const ask = (model: string) => ({
    type: "llm",
    prompt: "p",
    model,
    files: ["later.zip", "letter.docx", "{{ input.scan }}", "{{ input.note }}"],
  });
  const input = { type: "object", properties: { scan: { properties: { base64: scan } }, note: {} } };
  const definition = chain({ ask: ask("claude/claude-sonnet-5") }, { input });
  const warning = (index: number, name: string) => ({
    path: `/steps/ask/files/${index}`,
    message: expect.stringMatching(
      new RegExp(`^The model cannot be shown “${name}”, which is .* It takes PNG, JPEG, GIF and WebP images`),
    ) as string,
  });
  const missing = {
    path: "/steps/ask/files/0",
    message: expect.stringContaining("no document “later.zip”") as string,
  };
  const warnings = [missing, warning(1, "letter.docx"), warning(2, "input.scan")];
  const check = (body: object) => ours.call("POST", "/api/v1/definitions/check", { body });
  expect((await check({ definition })).body).toMatchObject({ publishable: true, problems: [], warnings });
  const made = await ours.call("POST", "/api/v1/workflows", { body: { name: "Reads", definition } });
  expect(made).toMatchObject({ status: 201, body: { problems: [], warnings } });
  const published = await ours.call("POST", `/api/v1/workflows/${made.body.id}/versions`, { body: {} });
  expect(published).toMatchObject({ status: 201, body: { warnings } });

  const others = chain({ ask: { ...ask("gateway:some/model"), files: ["letter.docx"] } });
  expect((await check({ definition: others })).body).toMatchObject({ publishable: true, warnings: [] });
});
