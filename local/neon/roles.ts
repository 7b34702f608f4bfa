export interface RolePasswords {
  readonly owner: string;
  readonly runtime: string;
}

export const DATABASE = "cairn";
export const OWNER = "cairn_owner";
export const RUNTIME = "app_runtime";

/** The powers that Neon gives the role that owns a database: it may make roles and databases and sees through row-level security, but is no superuser. */
const OWNER_POWERS = "login createrole createdb bypassrls";

/**
 * The statements that make a new cluster ours, one a line. Each may run again on every start; the runtime role is left to the migrations.
 * @param known what the cluster already has; `isOurselves` says that the owner itself runs them.
 */
export function ownershipStatements(
  known: { readonly owner: boolean; readonly database: boolean; readonly isOurselves?: boolean },
  ownerPassword: string,
): readonly string[] {
  const password = `password '${ownerPassword.replaceAll("'", "''")}'`;
  return [
    known.owner ? `alter role ${OWNER} ${password}` : `create role ${OWNER} ${OWNER_POWERS} ${password}`,
    ...(known.isOurselves === true ? [] : [`grant ${OWNER} to current_user`]),
    ...(known.database ? [] : [`create database ${DATABASE}`]),
    `alter database ${DATABASE} owner to ${OWNER}`,
  ];
}
