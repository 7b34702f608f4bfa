/** The name of the page's note of where errors go. */
export const ERROR_REPORTING = "cairn-errors";

/** Loads what sends errors of the page, where the page says where to. */
export async function startErrorReporting(): Promise<void> {
  const note = document.querySelector<HTMLMetaElement>(`meta[name="${ERROR_REPORTING}"]`)?.content;
  if (note === undefined) return;
  const { reportBrowserErrors } = await import("#/lib/observe/browser-errors.ts");
  reportBrowserErrors(JSON.parse(note));
}
