import { type Context, Hono } from "hono";
import { Browser } from "#/local/identity/browser.ts";
import { Form } from "#/local/identity/form.ts";
import { newId } from "#/local/identity/identifier.ts";
import { passwordMatches } from "#/local/identity/password.ts";
import { PendingAttempts } from "#/local/identity/pending-attempts.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type { UserRecord } from "#/local/identity/store.ts";
import { publicUserData } from "#/local/identity/views.ts";
import { WrongPasswords } from "#/local/identity/wrong-passwords.ts";

interface SignIn {
  readonly id: string;
  readonly user: UserRecord | undefined;
  readonly sessionId: string | null;
}

/** `/client/sign_ins`: e-mail first, then the password; or both at once. */
export function signInRoutes(provider: Provider): Hono {
  const attempts = new PendingAttempts<SignIn>();
  const wrongPasswords = new WrongPasswords();
  const byId = (c: Context) => found(attempts.get(c.req.param("id") ?? ""), "The sign-in");

  const identify = (before: SignIn | undefined, identifier: string | undefined): SignIn => {
    const user = identifier === undefined ? before?.user : provider.directory.userByEmail(identifier);
    if (identifier !== undefined && !user)
      throw new Refusal(422, "form_identifier_not_found", {
        message: "Couldn't find your account.",
        field: "identifier",
      });
    return attempts.put({ id: before?.id ?? newId("sia"), user, sessionId: null });
  };

  const prove = async (c: Context, attempt: SignIn, password: string | undefined): Promise<Response> => {
    const browser = new Browser(c, provider);
    if (password === undefined || !attempt.user) return browser.answer(signInView(attempt));
    // Read again: it may have changed since the first step.
    const user = provider.store.get("users", attempt.user.id);
    // Counted before it is looked at: guesses may come at the same time.
    wrongPasswords.takeTry(attempt.user.id);
    if (!user || !(await passwordMatches(password, user.passwordHash))) {
      throw new Refusal(422, "form_password_incorrect", {
        message: "Password is incorrect. Try again, or use another method.",
        field: "password",
      });
    }
    wrongPasswords.forget(user.id);
    const session = browser.signIn(user);
    return browser.answer(signInView(attempts.put({ ...attempt, sessionId: session.id })));
  };

  const routes = new Hono();
  routes.post("/", async (c) => {
    const form = await Form.read(c);
    return prove(c, identify(undefined, form.text("identifier")), form.text("password"));
  });
  routes.get("/:id", async (c) => new Browser(c, provider).answer(signInView(byId(c))));
  routes.post("/:id/attempt_first_factor", async (c) =>
    prove(c, byId(c), (await Form.read(c)).text("password") ?? ""),
  );
  return routes;
}

function signInView({ id, user, sessionId }: SignIn) {
  const verified = {
    object: "verification",
    status: "verified",
    strategy: "password",
    attempts: 1,
    expire_at: null,
  };
  const unproven = user ? "needs_first_factor" : "needs_identifier";
  return {
    object: "sign_in",
    id,
    status: sessionId === null ? unproven : "complete",
    supported_identifiers: ["email_address"],
    supported_first_factors: [{ strategy: "password" }],
    supported_second_factors: null,
    first_factor_verification: sessionId === null ? null : verified,
    second_factor_verification: null,
    identifier: user?.email ?? null,
    user_data: user ? publicUserData(user) : null,
    created_session_id: sessionId,
  };
}
