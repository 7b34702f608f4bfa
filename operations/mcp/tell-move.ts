import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { explainMove } from "#/lib/http/moved.ts";

/**
 * Tells the new address of a workspace that has moved: a key that was just used passes the door, and then nothing is there.
 * @throws the error itself where nothing has moved
 */
export function tellMove(error: unknown): never {
  const moved = explainMove(error, "/api/mcp");
  throw moved ? new ProtocolError(ProtocolErrorCode.InternalError, moved.detail) : error;
}
