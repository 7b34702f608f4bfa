import { expect, test, vi } from "vitest";
import { repeatOnCollision } from "#/db/repeat.ts";

const refusal = (code: string) => Object.assign(new Error(`refused with ${code}`), { code });

test.each(["40P01", "40001"])("a transaction that met others is run again, whole (%s)", async (code) => {
  const transaction = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(refusal(code))
    .mockRejectedValueOnce(refusal(code))
    .mockResolvedValue("stored");
  expect(await repeatOnCollision(transaction)).toBe("stored");
  expect(transaction).toHaveBeenCalledTimes(3);
});

test("a collision that stays is told after five tries", async () => {
  const transaction = vi.fn<() => Promise<string>>().mockRejectedValue(refusal("40P01"));
  await expect(repeatOnCollision(transaction)).rejects.toThrow("40P01");
  expect(transaction).toHaveBeenCalledTimes(5);
});

test.each(["23505", "55P03", "57P01", "ECONNRESET"])(
  "any other failure is told at once: it may be stored, or will fail again (%s)",
  async (code) => {
    const transaction = vi.fn<() => Promise<string>>().mockRejectedValue(refusal(code));
    await expect(repeatOnCollision(transaction)).rejects.toThrow(code);
    expect(transaction).toHaveBeenCalledTimes(1);
  },
);
