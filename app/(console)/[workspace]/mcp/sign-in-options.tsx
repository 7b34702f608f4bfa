import { SIGN_INS } from "./server-fields.ts";

/** The ways of signing in to a server, as options. */
export const SignInOptions = () =>
  SIGN_INS.map(([value, label]) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
