export type ToastKind = "success" | "error" | "message";

const { promise: shown, resolve } = Promise.withResolvers<(kind: ToastKind, text: string) => void>();

/** Hands over what shows toasts, once it is loaded: those asked for before are shown then. */
export const openToasts = resolve;

const ask = (kind: ToastKind) => (text: string) => void shown.then((show) => show(kind, text));

/** Tells a person that something was done, or was not, in a corner of the page. */
export const toast = { success: ask("success"), error: ask("error"), message: ask("message") };
