import type { Arrange, Form } from "#/lib/http/form-door.ts";
import type { ApiContract } from "#/lib/http/perform.ts";
import type { Caller } from "#/operations/caller.ts";

type Tenant = Caller["tenant"];

/**
 * Says what a form of the console does: the operation's contract, the line that its route has, and what its fields mean where the contract does not say it.
 * `formAction` makes a server action of it.
 */
export const defineForm = <const C extends ApiContract>(
  contract: C,
  handle: Form<C, Tenant>["handle"],
  arrange?: Arrange,
): Form<C, Tenant> => ({ contract, handle, arrange });
