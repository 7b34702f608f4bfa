/** The sides of a run that must not all meet without a person: private data, content from outside that anybody may have written, and an action on the outside. */
export const CAPABILITIES = ["private", "untrusted", "outward"] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** The capabilities that let something into a run. */
export const INWARD = ["private", "untrusted"] as const;
export type Inward = (typeof INWARD)[number];
