export type View = "canvas" | "yaml" | "versions" | "runs";

/** The views of a workflow, in the order in which they are shown. */
export const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: "canvas", label: "Canvas" },
  { value: "yaml", label: "YAML" },
  { value: "versions", label: "Versions" },
  { value: "runs", label: "Runs" },
];

/** Reads the view that an address asks for. */
export const readView = (asked: string | null): View =>
  VIEWS.find(({ value }) => value === asked)?.value ?? "canvas";
