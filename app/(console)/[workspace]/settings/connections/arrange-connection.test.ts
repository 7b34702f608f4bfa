import { expect, test } from "vitest";
import { arrangeConnection } from "./arrange-connection.ts";

test("a connection has the fields of its kind and way of signing in alone", () => {
  const sent = {
    name: "crm",
    kind: "http",
    "field.http.signIn": ["basic"],
    "field.http.url": ["https://crm.example.com"],
    "field.http.username": ["ada"],
    "secret.http.password": ["words"],
    "secret.http.token": ["of another way"],
    "secret.openai.apiKey": ["of another kind"],
  };
  expect(arrangeConnection(sent)).toEqual({
    name: "crm",
    kind: "http",
    fields: { signIn: "basic", url: "https://crm.example.com", username: "ada", password: "words" },
  });
});

test("a secret that was left empty is not sent, an open field that was emptied is", () => {
  expect(
    arrangeConnection({
      name: "ai",
      of: ["openai"],
      "secret.openai.apiKey": [""],
      "field.openai.model": [""],
    }),
  ).toEqual({ name: "ai", fields: { model: "" } });
});

test("of a kind that is none the contract says what is wrong", () => {
  expect(arrangeConnection({ kind: "teapot", "field.teapot.url": ["x"] })).toEqual({
    kind: "teapot",
    fields: {},
  });
});
