import { expect, test } from "vitest";
import { writeBody } from "#/lib/bytes/request-body.ts";

const value = { name: "Ada & co", tags: ["a", "b"], nested: { n: 1 }, left: null, flag: true };

test("an object is JSON unless its content type says otherwise", () => {
  expect(writeBody(value, undefined, "k")).toEqual({
    body: JSON.stringify(value),
    contentType: "application/json",
  });
  expect(writeBody(value, "application/vnd.api+json", "k")).toEqual({
    body: JSON.stringify(value),
    contentType: "application/vnd.api+json",
  });
});

test("a form repeats lists and leaves out nothing but nulls", () => {
  const { body, contentType } = writeBody(value, "application/x-www-form-urlencoded; charset=utf-8", "k");
  expect(contentType).toBe("application/x-www-form-urlencoded; charset=utf-8");
  expect([...new URLSearchParams(String(body))]).toEqual([
    ["name", "Ada & co"],
    ["tags", "a"],
    ["tags", "b"],
    ["nested", '{"n":1}'],
    ["flag", "true"],
  ]);
});

test("a multipart form carries files, and is the same at every try", async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45]);
  const file = { contentType: "image/png", name: 'a"b.png', base64: bytes.toString("base64") };
  const written = writeBody({ ...value, file }, "multipart/form-data", "run.1.a");
  expect(writeBody({ ...value, file }, "multipart/form-data", "run.1.a")).toEqual(written);
  // Read back by somebody else's parser.
  const form = await new Response(Buffer.from(written.body), {
    headers: { "content-type": written.contentType },
  }).formData();
  expect(form.getAll("tags")).toEqual(["a", "b"]);
  const sent = form.get("file");
  expect(sent).toMatchObject({ type: "image/png" });
  expect(Buffer.from(await (sent as File).arrayBuffer())).toEqual(bytes);
});

test("a text stays as it is", () => {
  expect(writeBody("a=b", "application/x-www-form-urlencoded", "k")).toEqual({
    body: "a=b",
    contentType: "application/x-www-form-urlencoded",
  });
});
