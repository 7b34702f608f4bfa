import { describe, expect, test } from "vitest";
import type { RemovalPorts } from "#/agents/knowledge/knowledge-ports.ts";
import { removeEverything } from "#/agents/knowledge/remove.ts";

function makeWorld({
  isBeingRead = false,
  left = ["d#1"],
  isGone = false,
  exists = true,
  fails = false,
} = {}) {
  const calls: string[] = [];
  const ports: RemovalPorts = {
    findPassages: async () => (exists ? { ids: ["d#1"], isBeingRead } : undefined),
    forgetVectors: async (ids) => {
      calls.push(`forget ${ids.join(",")}`);
      if (fails) throw new Error("no answer");
    },
    deleteDocument: async () => {
      calls.push("delete");
      return isGone ? undefined : left;
    },
  };
  return { ports, calls };
}

describe("removing a document", () => {
  test("forgets its vectors before its rows", async () => {
    const { ports, calls } = makeWorld();
    expect(await removeEverything(ports, "d")).toBe("removed");
    expect(calls).toEqual(["forget d#1", "delete"]);
  });

  test("keeps its rows when the vectors cannot be forgotten, so that it can be repeated", async () => {
    const { ports, calls } = makeWorld({ fails: true });
    await expect(removeEverything(ports, "d")).rejects.toThrow("no answer");
    expect(calls).not.toContain("delete");
  });

  test("that is being read forgets also what was stored meanwhile", async () => {
    const { ports, calls } = makeWorld({ isBeingRead: true, left: ["d#1", "d#2"] });
    expect(await removeEverything(ports, "d")).toBe("removed");
    expect(calls).toEqual(["forget d#1", "delete", "forget d#1,d#2"]);
  });

  test("that is not there, or not any more, says so", async () => {
    expect(await removeEverything(makeWorld({ exists: false }).ports, "d")).toBe("not-found");
    expect(await removeEverything(makeWorld({ isGone: true }).ports, "d")).toBe("not-found");
  });
});
