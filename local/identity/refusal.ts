import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that cannot be served, with the code that Clerk's clients know. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  /** The form field it is about. */
  readonly field: string | undefined;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    { message, field }: { readonly message: string; readonly field?: string },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  static notFound(what: string): Refusal {
    return new Refusal(404, "resource_not_found", { message: `${what} was not found.` });
  }

  static signedOut(): Refusal {
    return new Refusal(401, "authentication_invalid", { message: "You are not signed in." });
  }

  static forbidden(): Refusal {
    return new Refusal(403, "not_an_admin_in_organization", {
      message: "Only an admin of the organization can do this.",
    });
  }

  toBody(): unknown {
    const meta = this.field === undefined ? {} : { param_name: this.field };
    return { errors: [{ code: this.code, message: this.message, long_message: this.message, meta }] };
  }
}

/** `value`, or the refusal that it does not exist. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw Refusal.notFound(what);
  return value;
}
