import { expect, test } from "vitest";
import { findKnownFiles } from "#/agents/definition/check/known-files.ts";

const image = { properties: { contentType: { const: "image/tiff" }, base64: { type: "string" } } };
const INPUT = {
  properties: {
    plain: { type: "string" },
    scan: { type: "string", contentMediaType: "image/tiff" },
    photo: image,
    photos: { type: "array", items: image },
    either: { properties: { contentType: { enum: ["image/png", "image/tiff"] } } },
    packed: { properties: { base64: { contentMediaType: "application/zip" } } },
    order: { properties: { photo: image } },
    odd: { properties: 7 },
  },
};

test.each([
  ["price-list.pdf", [{ document: "price-list.pdf" }]],
  ["{{ 'price-' + 'list.pdf' }}", [{ document: "price-list.pdf" }]],
  ["{{ {'document': 'a.docx'} }}", [{ document: "a.docx" }]],
  [
    "{{ ['a.pdf', {'contentType': 'image/tiff', 'base64': '', 'name': 'b.tiff'}] }}",
    [{ document: "a.pdf" }, { name: "b.tiff", contentTypes: ["image/tiff"] }],
  ],
  ["{{ input.scan }}", [{ name: "input.scan", contentTypes: ["image/tiff"] }]],
  ["{{ input.photo }}", [{ name: "input.photo", contentTypes: ["image/tiff"] }]],
  ["{{ input.photos }}", [{ name: "input.photos", contentTypes: ["image/tiff"] }]],
  ["{{ input.either }}", [{ name: "input.either", contentTypes: ["image/png", "image/tiff"] }]],
  ["{{ input.packed }}", [{ name: "input.packed", contentTypes: ["application/zip"] }]],
  ["{{ input.order.photo }}", [{ name: "input.order.photo", contentTypes: ["image/tiff"] }]],
])("%s is known", (text, files) => {
  expect(findKnownFiles(text, INPUT)).toEqual(files);
});

test.each([
  "{{ input.plain }}",
  "{{ input.nothing.here }}",
  "{{ input.odd.photo }}",
  "{{ input.plain }}.pdf",
  "{{ input.photo == null ? 'a.pdf' : input.photo }}",
  "{{ state.photo }}",
  "{{ 1 / 0 }}",
  "{{ 1 + }}",
  "{{ null }}",
  "{{ 7 }}",
])("nothing is told of %s", (text) => {
  expect(findKnownFiles(text, INPUT)).toEqual([]);
});
