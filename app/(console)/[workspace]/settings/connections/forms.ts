import { created, done, ok } from "#/lib/http/reply.ts";
import {
  createConnectionContract,
  deleteConnectionContract,
  signInToConnectionContract,
  testConnectionContract,
  updateConnectionContract,
} from "#/operations/connections/contract.ts";
import { createConnection } from "#/operations/connections/create.ts";
import { deleteConnection } from "#/operations/connections/delete.ts";
import { signInToConnection } from "#/operations/connections/sign-in.ts";
import { testConnection } from "#/operations/connections/test.ts";
import { updateConnection } from "#/operations/connections/update.ts";
import { removePriceContract, setPriceContract } from "#/operations/prices/contract.ts";
import { removePrice } from "#/operations/prices/remove.ts";
import { setPrice } from "#/operations/prices/set.ts";
import { defineForm } from "../../_form/define-form.ts";
import { arrangeConnection } from "./arrange-connection.ts";

/** Makes a connection. */
export const newConnectionForm = defineForm(
  createConnectionContract,
  async ({ caller, body, newId: id }) => created(await createConnection(caller, { id, ...body })),
  arrangeConnection,
);

/** Changes a connection. Secrets that were left empty stay. */
export const connectionForm = defineForm(
  updateConnectionContract,
  async ({ caller, params, body }) => ok(await updateConnection(caller, { ...params, ...body })),
  arrangeConnection,
);

/** Deletes a connection. */
export const deleteConnectionForm = defineForm(deleteConnectionContract, async ({ caller, params }) =>
  done(await deleteConnection(caller, params)),
);

/** Tries a connection. */
export const connectionTestForm = defineForm(testConnectionContract, async ({ caller, params }) =>
  ok(await testConnection(caller, params)),
);

/** Begins a sign-in in the browser. The answer says where it goes on. */
export const connectionSignInForm = defineForm(signInToConnectionContract, async ({ caller, params }) =>
  ok(await signInToConnection(caller, params)),
);

/** Sets what a model costs from a day on. */
export const priceForm = defineForm(setPriceContract, async ({ caller, body, newId: id }) =>
  ok(await setPrice(caller, { ...body, id })),
);

/** Removes a price of the workspace. */
export const removePriceForm = defineForm(removePriceContract, async ({ caller, params }) =>
  done(await removePrice(caller, params)),
);
