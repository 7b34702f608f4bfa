import { createECDH, randomBytes } from "node:crypto";
import { decrypt } from "http_ece";
import { expect, test } from "vitest";
import { encryptPush, isUsable, MOST_BYTES } from "./encrypt.ts";

const bytes = (text: string) => Buffer.from(text, "base64url");

test("a message is what RFC 8291 gives as its example, byte for byte", () => {
  const sent = encryptPush(
    Buffer.from("When I grow up, I want to be a watermelon"),
    {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
    {
      salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
      privateKey: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    },
  );
  expect(sent.toString("base64url")).toBe(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
  );
});

test("the library that web-push sends with reads what is sent, from nothing to the longest", () => {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const authSecret = randomBytes(16);
  const keys = { p256dh: pair.getPublicKey("base64url"), auth: authSecret.toString("base64url") };
  for (const length of [0, 1, 500, MOST_BYTES]) {
    const plain = randomBytes(length);
    const sent = encryptPush(plain, keys);
    expect(sent.length).toBeLessThanOrEqual(4096);
    expect(decrypt(sent, { version: "aes128gcm", privateKey: pair, authSecret })).toEqual(plain);
  }
  expect(encryptPush(Buffer.from("x"), keys)).not.toEqual(encryptPush(Buffer.from("x"), keys));
});

test("keys that nothing can be encrypted with are known before", () => {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const good = { p256dh: pair.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") };
  expect(isUsable(good)).toBe(true);
  expect(isUsable({ ...good, auth: "short" })).toBe(false);
  expect(isUsable({ ...good, p256dh: randomBytes(65).toString("base64url") })).toBe(false);
  expect(isUsable({ ...good, p256dh: pair.getPublicKey("base64url", "compressed") })).toBe(false);
  expect(isUsable({ p256dh: "", auth: "" })).toBe(false);
});
