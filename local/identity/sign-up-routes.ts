import { type Context, Hono } from "hono";
import { Browser } from "#/local/identity/browser.ts";
import { Form } from "#/local/identity/form.ts";
import { newId } from "#/local/identity/identifier.ts";
import { PendingAttempts } from "#/local/identity/pending-attempts.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type { InvitationRecord } from "#/local/identity/store.ts";

interface SignUp {
  readonly id: string;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly userId: string | null;
  readonly sessionId: string | null;
}

/** `/client/sign_ups`: done as soon as there are an e-mail address and a password. The address is believed: there is no mail here. */
export function signUpRoutes(provider: Provider): Hono {
  const attempts = new PendingAttempts<SignUp>();
  const byId = (c: Context) => found(attempts.get(c.req.param("id") ?? ""), "The sign-up");

  const proceed = async (c: Context, before: SignUp): Promise<Response> => {
    const browser = new Browser(c, provider);
    const attempt = attempts.put(withFields(before, await Form.read(c)));
    if (attempt.userId !== null || !attempt.email || !attempt.password)
      return browser.answer(signUpView(attempt));
    requireInvitation(provider, attempt.email);
    const user = await provider.directory.createUser({
      email: attempt.email,
      password: attempt.password,
      firstName: attempt.firstName || null,
      lastName: attempt.lastName || null,
    });
    const session = browser.signIn(user);
    return browser.answer(
      signUpView(attempts.put({ ...attempt, password: undefined, userId: user.id, sessionId: session.id })),
    );
  };

  const routes = new Hono();
  routes.post("/", (c) => proceed(c, { id: newId("sua"), userId: null, sessionId: null }));
  routes.patch("/:id", (c) => proceed(c, byId(c)));
  routes.get("/:id", async (c) => new Browser(c, provider).answer(signUpView(byId(c))));
  return routes;
}

function requireInvitation({ admits, store }: Provider, email: string): void {
  const address = email.trim().toLowerCase();
  const isInvited = (it: InvitationRecord) => it.status === "pending" && it.email === address;
  if (admits === "everybody" || store.find("invitations", isInvited)) return;
  throw new Refusal(403, "not_allowed_access", {
    message: "Nobody has invited this address. Ask an admin of a workspace to do it, under Members.",
    field: "email_address",
  });
}

function withFields(before: SignUp, form: Form): SignUp {
  return {
    ...before,
    email: form.text("email_address") ?? before.email,
    password: form.text("password") ?? before.password,
    firstName: form.text("first_name") ?? before.firstName,
    lastName: form.text("last_name") ?? before.lastName,
  };
}

function signUpView(attempt: SignUp) {
  const complete = attempt.userId !== null;
  const missing = [
    ...(attempt.email ? [] : ["email_address"]),
    ...(complete || attempt.password ? [] : ["password"]),
  ];
  return {
    object: "sign_up",
    id: attempt.id,
    status: complete ? "complete" : "missing_requirements",
    required_fields: ["email_address", "password"],
    optional_fields: ["first_name", "last_name"],
    missing_fields: missing,
    unverified_fields: [],
    username: null,
    first_name: attempt.firstName ?? null,
    last_name: attempt.lastName ?? null,
    email_address: attempt.email ?? null,
    phone_number: null,
    web3_wallet: null,
    external_account_strategy: null,
    external_account: null,
    has_password: complete || Boolean(attempt.password),
    unsafe_metadata: {},
    created_session_id: attempt.sessionId,
    created_user_id: attempt.userId,
    abandon_at: null,
    legal_accepted_at: null,
    locale: null,
    timezone: null,
    verifications: { email_address: null, phone_number: null, web3_wallet: null, external_account: null },
  };
}
