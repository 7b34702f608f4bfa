/** The themes in the order in which the switch goes through them. */
export const THEMES = ["light", "dark", "contrast"] as const;
