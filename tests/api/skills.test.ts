import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { zip } from "#/tests/support/files.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

const skill = (name: string, text: string, description = "How invoices are checked.") =>
  `---\nname: ${name}\ndescription: ${description}\nlicense: MIT\n---\n\n${text}\n`;
const store = (body: object) => caller.call("POST", "/api/v1/skills", { body });
const paste = (text: string) => store({ text });
function upload(files: Readonly<Record<string, string>>) {
  const body = new FormData();
  body.set("file", new File([new Uint8Array(zip(files))], "skill.zip", { type: "application/zip" }));
  return caller.call("POST", "/api/v1/skills", { body });
}

describe("a skill", () => {
  test("is pasted or uploaded as its folder, and every change of it is a version that stays", async () => {
    const first = await paste(skill("invoice-rules", "Check the sum."));
    expect(first).toMatchObject({
      status: 201,
      body: {
        name: "invoice-rules",
        version: 1,
        tool: "skill__invoice-rules",
        description: "How invoices are checked.",
      },
    });
    expect((await paste(skill("invoice-rules", "Check the sum."))).body.version).toBe(1);
    const second = await upload({
      "invoice-rules/SKILL.md": skill("invoice-rules", "Check the sum and the [tax](references/tax.md)."),
      "invoice-rules/references/tax.md": "19 %",
      "__MACOSX/invoice-rules/._SKILL.md": "clutter",
    });
    expect(second.body).toMatchObject({ version: 2, files: { "references/tax.md": "19 %" } });
    const path = "/api/v1/skills/invoice-rules";
    expect((await caller.call("GET", path)).body.version).toBe(2);
    expect((await caller.call("GET", `${path}?version=1`)).body.files).toEqual({
      "SKILL.md": skill("invoice-rules", "Check the sum."),
    });
    const versions = (await caller.call("GET", `${path}/versions`)).body.items;
    expect(versions.map((it: { version: number }) => it.version)).toEqual([2, 1]);
    const { items } = (await caller.call("GET", "/api/v1/skills")).body;
    expect(items).toMatchObject([{ name: "invoice-rules", version: 2 }]);
    expect(JSON.stringify(items)).not.toContain("Check");
  });

  test("is stored as the texts of its folder, so that a change of one file keeps the others", async () => {
    const files = { "SKILL.md": skill("folder", "Read the [tax](tax.md)."), "tax.md": "19 %" };
    expect((await store({ files })).body).toMatchObject({ version: 1, files });
    const changed = { ...files, "tax.md": "21 %" };
    const { body } = await store({ files: changed, basedOn: 1 });
    expect(body).toMatchObject({ version: 2, files: changed });
    expect(body.sizeBytes).toBeGreaterThan(80);
    expect(body.sizeBytes).toBeLessThan(300);
  });

  test("is not written over by whoever has not seen its newest version", async () => {
    expect((await store({ text: skill("shared", "1"), basedOn: 0 })).body.version).toBe(1);
    expect((await store({ text: skill("shared", "other"), basedOn: 0 })).body.code).toBe("draft-changed");
    const both = await Promise.all(
      ["a", "b"].map((text) => store({ text: skill("shared", text), basedOn: 1 })),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const versions = (await caller.call("GET", "/api/v1/skills/shared/versions")).body.items;
    expect(versions.map((it: { version: number }) => it.version)).toEqual([2, 1]);
    expect((await store({ text: skill("never", "1"), basedOn: 4 })).body.code).toBe("draft-changed");
  });

  test("that is stored by many at once gets numbers without gaps", async () => {
    const texts = ["a", "b", "c", "d"];
    await Promise.all(texts.map((text) => paste(skill("busy", text))));
    const versions = (await caller.call("GET", "/api/v1/skills/busy/versions")).body.items;
    expect(versions.map((it: { version: number }) => it.version)).toEqual([4, 3, 2, 1]);
  });

  test("is the workspace's own", async () => {
    await paste(skill("ours", "Only ours."));
    const stranger = await api.workspace();
    expect((await stranger.call("GET", "/api/v1/skills/ours")).status).toBe(404);
    expect((await stranger.call("DELETE", "/api/v1/skills/ours")).status).toBe(404);
    expect((await stranger.call("GET", "/api/v1/skills")).body.items).toEqual([]);
  });

  test("is deleted with all its versions, once", async () => {
    await paste(skill("gone", "1"));
    await paste(skill("gone", "2"));
    expect((await caller.call("DELETE", "/api/v1/skills/gone")).status).toBe(204);
    expect((await caller.call("GET", "/api/v1/skills/gone?version=1")).status).toBe(404);
    expect((await caller.call("DELETE", "/api/v1/skills/gone")).status).toBe(404);
  });
});

describe("what is no skill is refused with the reason", () => {
  test.each([
    ["without a head", "Just text.", "begins with"],
    ["with a head that is no YAML", "---\nname: [\n---\n", "not YAML"],
    ["without a description", "---\nname: half\n---\n", "description"],
    ["with a name that is none", skill("Not A Name", "x"), "small letters"],
    ["with a name that leads away", skill("../../etc", "x"), "small letters"],
    ["with a description that is too long", skill("long", "x", "y".repeat(1_025)), "1,024"],
    ["with a NUL in it", skill("nul", "a\u0000b"), ""],
  ])("pasted %s", async (_what, text, reason) => {
    const { status, body } = await paste(text);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(reason);
  });

  test("with each mistake at its field", async () => {
    const text = `---\nname: Not A Name\n---\n`;
    const errors = (place: string) => [
      { path: `${place}/name`, message: expect.stringContaining("small letters") as string },
      { path: `${place}/description`, message: "is missing" },
    ];
    expect((await paste(text)).body.errors).toEqual(errors("/text"));
    expect((await store({ files: { "SKILL.md": text } })).body.errors).toEqual(errors("/files/SKILL.md"));
    expect((await upload({ "a/SKILL.md": text })).body.errors).toEqual(errors("/file/SKILL.md"));
  });

  test.each<[string, object, string]>([
    ["neither a text nor files", {}, "either"],
    ["both", { text: skill("both", "x"), files: { "SKILL.md": skill("both", "x") } }, "either"],
    ["no SKILL.md", { files: { "README.md": "x" } }, "There is no SKILL.md"],
    ["a path that leads out", { files: { "SKILL.md": skill("out", "x"), "../x": "x" } }, "no path"],
    [
      "too many files",
      { files: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}.md`, "x"])) },
      "100 files",
    ],
  ])("a body with %s", async (_what, sent, reason) => {
    const { status, body } = await store(sent);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(reason);
  });

  const head = skill("zipped", "x");
  test.each<[string, Record<string, string>, string]>([
    ["no SKILL.md", { "README.md": "x" }, "There is no SKILL.md"],
    [
      "two skills, of which one would be lost",
      { "all/first/SKILL.md": head, "all/second/SKILL.md": head, "all/README.md": "x" },
      "2 skills in the archive. Upload each by itself: all/first/, all/second/",
    ],
    ["a path that leads out", { "SKILL.md": head, "../../passwd": "x" }, "no path"],
    ["a path from the root", { "SKILL.md": head, "/etc/passwd": "x" }, "no path"],
    ["a name of JavaScript's own", { "SKILL.md": head, __proto__x: "x", "a/__proto__": "x" }, "no path"],
    ["something that is no text", { "SKILL.md": head, "image.png": "\u0000\u0001" }, "no text"],
    [
      "more than it may have, however small it is packed",
      { "SKILL.md": head, "zeros.txt": "0".repeat(2_000_000) },
      "1,000,000",
    ],
    [
      "too many files",
      { "SKILL.md": head, ...Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}.md`, "x"])) },
      "100 files",
    ],
  ])("an archive with %s", async (_what, files, reason) => {
    const { status, body } = await upload(files);
    expect({ status, reason: body.detail }).toEqual({ status: 422, reason: expect.stringContaining(reason) });
  });

  test("an archive with two files of one name", async () => {
    const bytes = Buffer.from(zip({ "SKILL.md": head, "A.md": "one", "B.md": "two" }));
    const body = new FormData();
    const twice = Buffer.from(bytes.toString("latin1").replaceAll("B.md", "A.md"), "latin1");
    body.set("file", new File([new Uint8Array(twice)], "skill.zip"));
    expect((await caller.call("POST", "/api/v1/skills", { body })).status).toBe(422);
  });

  test("an archive with a link, which leads nowhere here", async () => {
    const bytes = Buffer.from(zip({ "SKILL.md": head, "link.md": "/etc/passwd" }));
    const entry = bytes.lastIndexOf("PK\u0001\u0002");
    bytes.writeUInt8(3, entry + 5);
    bytes.writeUInt16LE(0o120_777, entry + 40);
    const body = new FormData();
    body.set("file", new File([new Uint8Array(bytes)], "skill.zip"));
    expect((await caller.call("POST", "/api/v1/skills", { body })).body.detail).toContain("a link");
  });

  test("a file that is no archive", async () => {
    const body = new FormData();
    body.set("file", new File(["no zip"], "skill.zip"));
    expect((await caller.call("POST", "/api/v1/skills", { body })).body.detail).toContain("zip");
  });
});

describe("a published workflow", () => {
  const reading = (tool: string) => ({
    format: "cairn/v1",
    name: "Reads",
    kind: "graph",
    steps: { read: { type: "tool", tool, input: {} } },
    edges: [
      { from: "start", to: "read" },
      { from: "read", to: "end" },
    ],
    output: { text: "{{ state.read.text }}" },
  });
  async function publish(name: string, tool: string): Promise<string> {
    const body = { name, definition: reading(tool) };
    const made = await caller.call("POST", "/api/v1/workflows", { body });
    expect(made.body.problems).toEqual([]);
    await caller.call("POST", `/api/v1/workflows/${made.body.id}/versions`, { body: {} });
    return made.body.id;
  }
  async function run(workflow: string) {
    const { body } = await caller.call("POST", `/api/v1/workflows/${workflow}/runs`, { body: {} });
    return eventually(async () => {
      const seen = (await caller.call("GET", `/api/v1/runs/${body.id}`)).body;
      return seen.finishedAt === null ? undefined : seen;
    });
  }

  test("reads a skill as it was when it was published, and is held by a newer one until it is published again", async () => {
    await paste(skill("tone", "Be kind."));
    const newest = await publish("Newest", "skill__tone");
    const first = await publish("First", "skill__tone__v1");
    expect((await run(newest)).output.text).toContain("Be kind.");
    await paste(skill("tone", "Be short."));
    const { body: held } = await caller.call("POST", `/api/v1/workflows/${newest}/runs`, { body: {} });
    expect(
      await eventually(async () => {
        const { body } = await caller.call("GET", `/api/v1/runs/${held.id}`);
        return body.status === "waiting" ? body.status : undefined;
      }),
    ).toBe("waiting");
    expect((await run(first)).output.text).toContain("Be kind.");
    expect((await caller.call("POST", `/api/v1/workflows/${newest}/versions`, { body: {} })).status).toBe(
      201,
    );
    expect((await run(newest)).output.text).toContain("Be short.");
  });

  test("is told by the skill that it uses, whichever version it names", async () => {
    await paste(skill("used", "1"));
    await paste(skill("used-as-well", "1"));
    const newest = await publish("Uses newest", "skill__used");
    const first = await publish("Uses first", "skill__used__v1");
    await publish("Uses another", "skill__used-as-well");
    const { body } = await caller.call("GET", "/api/v1/skills/used");
    expect(body.workflows).toEqual([
      { id: first, name: "Uses first", version: 1 },
      { id: newest, name: "Uses newest", version: null },
    ]);
    const { items } = (await caller.call("GET", "/api/v1/skills")).body;
    const counts = items.map((it: { name: string; usedBy: number }) => [it.name, it.usedBy]);
    expect(Object.fromEntries(counts)).toMatchObject({ used: 2, "used-as-well": 1 });
  });

  test("names only skills and versions that there are", async () => {
    const checked = await caller.call("POST", "/api/v1/definitions/check", {
      body: { definition: reading("skill__tone__v9") },
    });
    expect(checked.body).toMatchObject({
      publishable: false,
      problems: [{ path: "/steps/read/tool", message: expect.stringContaining("skill__tone__v9") as string }],
    });
    const { body } = await caller.call("GET", "/api/v1/tools?origin=skill");
    const names = body.items.map(({ name }: { readonly name: string }) => name);
    expect(names).toContain("skill__tone");
    expect(names.join(" ")).not.toContain("__v");
  });
});
