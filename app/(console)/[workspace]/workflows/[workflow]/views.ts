export type View = "canvas" | "yaml" | "versions" | "runs";

/** The views of a workflow, in the order in which they are shown. */
export const VIEWS: readonly { readonly name: View; readonly label: string }[] = [
  { name: "canvas", label: "Canvas" },
  { name: "yaml", label: "YAML" },
  { name: "versions", label: "Versions" },
  { name: "runs", label: "Runs" },
];

/** Reads the view that an address asks for. */
export const readView = (asked: string | null): View =>
  VIEWS.find(({ name }) => name === asked)?.name ?? "canvas";
