import { created, done, ok } from "#/lib/http/reply.ts";
import { createApiKeyContract, revokeApiKeyContract } from "#/operations/api-keys/contract.ts";
import { createApiKey } from "#/operations/api-keys/create.ts";
import { revokeApiKey } from "#/operations/api-keys/revoke.ts";
import { changeLimits } from "#/operations/limits/change.ts";
import { changeLimitsContract } from "#/operations/limits/contract.ts";
import { removeDeviceContract, setQuietHoursContract } from "#/operations/notifications/contract.ts";
import { removeDevice } from "#/operations/notifications/remove-device.ts";
import { setQuietHours } from "#/operations/notifications/set-quiet-hours.ts";
import { bindSecret } from "#/operations/secrets/bind.ts";
import {
  bindSecretContract,
  deleteSecretContract,
  putSecretContract,
} from "#/operations/secrets/contract.ts";
import { deleteSecret } from "#/operations/secrets/delete.ts";
import { putSecret } from "#/operations/secrets/put.ts";
import { changeStorage } from "#/operations/storage/change.ts";
import { changeStorageContract } from "#/operations/storage/contract.ts";
import { defineForm } from "../_form/define-form.ts";
import { arrangeKey } from "./_api-keys/arrange-key.ts";
import { arrangeQuietHours } from "./_notifications/arrange-quiet-hours.ts";
import { arrangeRetention } from "./arrange-retention.ts";
import { arrangeSecret } from "./_secrets/arrange-secret.ts";
import { arrangeLimits } from "./arrange-limits.ts";

/** Changes the limits of the workspace. */
export const limitsForm = defineForm(
  changeLimitsContract,
  async ({ caller, body }) => ok(await changeLimits(caller, body)),
  arrangeLimits,
);

/** Makes an API key. The answer alone has it. */
export const newKeyForm = defineForm(
  createApiKeyContract,
  async ({ caller, body, newId: id, idempotencyKey }) =>
    created(await createApiKey(caller, { id, isRepeatable: idempotencyKey !== undefined, ...body })),
  (fields) => arrangeKey(fields, Date.now()),
);

/** Revokes an API key. */
export const revokeKeyForm = defineForm(revokeApiKeyContract, async ({ caller, params }) =>
  done(await revokeApiKey(caller, params)),
);

/** Sets a secret, or gives it another value. */
export const secretForm = defineForm(
  putSecretContract,
  async ({ caller, params, body }) => ok(await putSecret(caller, { ...params, ...body })),
  arrangeSecret,
);

/** Changes where a secret may be sent. */
export const secretHostsForm = defineForm(
  bindSecretContract,
  async ({ caller, params, body }) => ok(await bindSecret(caller, { ...params, ...body })),
  arrangeSecret,
);

/** Deletes a secret. */
export const deleteSecretForm = defineForm(deleteSecretContract, async ({ caller, params }) =>
  done(await deleteSecret(caller, params)),
);

/** Changes when the person's devices are told nothing. */
export const quietHoursForm = defineForm(
  setQuietHoursContract,
  async ({ caller, body }) => ok(await setQuietHours(caller, body)),
  arrangeQuietHours,
);

/** Tells one of the person's devices nothing any more. */
export const deviceForm = defineForm(removeDeviceContract, async ({ caller, params }) =>
  done(await removeDevice(caller, params)),
);

/** Changes for how many days things are kept. */
export const retentionForm = defineForm(
  changeStorageContract,
  async ({ caller, body }) => ok(await changeStorage(caller, body)),
  arrangeRetention,
);
