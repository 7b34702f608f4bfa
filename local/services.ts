import type { Children } from "./children.ts";
import type { Deployment } from "./deployment.ts";

/** Runs services of a deployment. Names of those that share a process are joined by commas. */
export async function serveAll(
  children: Children,
  { services, serviceEnv, folder }: Pick<Deployment, "services" | "serviceEnv"> & { readonly folder: string },
): Promise<void> {
  await Promise.all(
    services.map((names) =>
      children.serve(names.replaceAll(",", "-"), ["local/service.ts", names, folder], serviceEnv),
    ),
  );
}
