import { createHash, timingSafeEqual } from "node:crypto";

/** Returns whether a request carries this token, compared in constant time. */
export function bearerIs(request: Request, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Equal lengths, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
