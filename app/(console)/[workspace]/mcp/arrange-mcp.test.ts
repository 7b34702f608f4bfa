import { expect, test } from "vitest";
import { arrangeServer, arrangeTool } from "./arrange-mcp.ts";

test("a server has what its way of signing in asks for, and nothing that was left empty", () => {
  const sent = {
    name: "desk",
    url: "https://desk.example.com/mcp",
    "secret.token": ["a token"],
    "secret.clientSecret": ["of another way"],
    scopes: " ",
    clientId: "ours",
  };
  const address = { name: "desk", url: "https://desk.example.com/mcp" };
  expect(arrangeServer({ ...sent, signIn: "bearer" })).toEqual({
    ...address,
    signIn: "bearer",
    token: "a token",
  });
  expect(arrangeServer({ ...sent, signIn: "none" })).toEqual({ ...address, signIn: "none" });
  expect(arrangeServer({ ...sent, signIn: "oauth2-code" })).toEqual({
    ...address,
    signIn: "oauth2-code",
    clientId: "ours",
    clientSecret: "of another way",
  });
});

test("what no server has is there for the contract to refuse", () => {
  expect(arrangeServer({ signIn: "none", workspaceId: ["x"] })).toEqual({
    signIn: "none",
    workspaceId: ["x"],
  });
});

test("the decision about a tool is a list of one, with what was decided alone", () => {
  expect(arrangeTool({ name: ["pay"], isChosen: ["true"], effect: ["write"] })).toEqual({
    tools: [{ name: "pay", isChosen: true, effect: "write" }],
  });
  expect(arrangeTool({ name: ["pay"], accept: ["0a"] })).toEqual({ tools: [{ name: "pay", accept: "0a" }] });
  expect(arrangeTool({ name: ["pay"], isChosen: ["perhaps"], other: ["x"] })).toEqual({
    other: ["x"],
    tools: [{ name: "pay", isChosen: "perhaps" }],
  });
});
