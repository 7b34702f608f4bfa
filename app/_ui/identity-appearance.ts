/** The identity provider's components in our colours. CSS variables, so that they follow the theme. */
export const IDENTITY_APPEARANCE = {
  variables: {
    colorPrimary: "var(--identity-accent)",
    colorPrimaryForeground: "var(--on-accent)",
    colorBackground: "var(--raised)",
    colorForeground: "var(--ink)",
    colorMuted: "var(--well)",
    colorMutedForeground: "var(--ink-3)",
    colorNeutral: "var(--ink)",
    colorInput: "var(--raised)",
    colorInputForeground: "var(--ink)",
    colorBorder: "var(--field)",
    colorRing: "var(--identity-accent)",
    colorDanger: "var(--fail-text)",
    colorSuccess: "var(--ok)",
    colorWarning: "var(--wait-text)",
    fontFamily: "inherit",
    borderRadius: "0.5rem",
  },
  // Their border is a tenth of the colour that they are given: nobody sees where to write. Their own rules name a variant, so that this has to weigh more.
  elements: {
    formFieldInput: {
      "&&&:not(:focus):not([aria-invalid=true])": { boxShadow: "0 0 0 1px var(--field)" },
    },
  },
} as const;

/** What the provider calls an organization is a workspace here. */
export const IDENTITY_WORDS = {
  createOrganization: { title: "New workspace", formButtonSubmit: "Create workspace" },
  formFieldInputPlaceholder__organizationName: "Name of the workspace",
  formFieldInputPlaceholder__organizationSlug: "as-in-its-address",
  organizationProfile: {
    navbar: { title: "Workspace", description: "Its name and its people." },
    profilePage: {
      dangerSection: {
        leaveOrganization: { title: "Leave workspace" },
        deleteOrganization: { title: "Delete workspace" },
      },
    },
  },
} as const;
