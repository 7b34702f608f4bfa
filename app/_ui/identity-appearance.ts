/** The identity provider's components in our colours. CSS variables, so that they follow the theme. */
export const IDENTITY_APPEARANCE = {
  variables: {
    colorPrimary: "var(--primary)",
    colorPrimaryForeground: "var(--primary-foreground)",
    colorBackground: "var(--card)",
    colorForeground: "var(--foreground)",
    colorMuted: "var(--muted)",
    colorMutedForeground: "var(--muted-foreground)",
    colorNeutral: "var(--foreground)",
    colorInput: "var(--card)",
    colorInputForeground: "var(--foreground)",
    colorBorder: "var(--input)",
    colorRing: "var(--ring)",
    colorDanger: "var(--bad)",
    colorSuccess: "var(--ok)",
    colorWarning: "var(--warn)",
    fontFamily: "inherit",
    borderRadius: "0.5rem",
  },
} as const;
