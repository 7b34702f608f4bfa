/** `/v1/environment`: how the instance is set up. People sign in with e-mail and password; everybody may make organizations. */
export function frontendSettings(appUrl: string) {
  return {
    object: "environment",
    id: "env_cairn_local",
    maintenance_mode: false,
    auth_config: {
      object: "auth_config",
      id: "aconf_cairn_local",
      single_session_mode: true,
      claimed_at: null,
      reverification: false,
    },
    display_config: displayConfig(appUrl),
    user_settings: userSettings(),
    organization_settings: {
      enabled: true,
      max_allowed_memberships: 100,
      force_organization_selection: false,
      actions: { admin_delete: true },
      domains: { enabled: false, enrollment_modes: [], default_role: "org:member" },
      slug: { disabled: false },
      organization_creation_defaults: { enabled: false },
    },
    api_keys_settings: {
      enabled: false,
      user_api_keys_enabled: false,
      orgs_api_keys_enabled: false,
      show_in_user_profile: false,
      show_in_org_profile: false,
    },
    commerce_settings: {
      billing: {
        stripe_publishable_key: null,
        organization: { enabled: false, has_paid_plans: false },
        user: { enabled: false, has_paid_plans: false },
      },
    },
    protect_config: { object: "protect_config", id: "pc_cairn_local" },
  };
}

function displayConfig(appUrl: string) {
  return {
    object: "display_config",
    id: "dc_cairn_local",
    application_name: "Cairn",
    instance_environment_type: "production",
    preferred_sign_in_strategy: "password",
    branded: false,
    show_devmode_warning: false,
    home_url: appUrl,
    sign_in_url: `${appUrl}/sign-in`,
    sign_up_url: `${appUrl}/sign-up`,
    after_sign_in_url: appUrl,
    after_sign_up_url: appUrl,
    after_sign_out_all_url: appUrl,
    after_sign_out_one_url: appUrl,
    after_switch_session_url: appUrl,
    after_create_organization_url: appUrl,
    after_leave_organization_url: appUrl,
    after_join_waitlist_url: appUrl,
    user_profile_url: appUrl,
    organization_profile_url: appUrl,
    create_organization_url: appUrl,
    waitlist_url: "",
    logo_image_url: "",
    favicon_image_url: "",
    support_email: "",
    terms_url: "",
    privacy_policy_url: "",
    captcha_public_key: null,
    captcha_public_key_invisible: null,
    captcha_widget_type: null,
    captcha_provider: "turnstile",
    captcha_oauth_bypass: [],
    theme: {
      buttons: { font_color: "#ffffff", font_family: "inherit", font_weight: "600" },
      general: {
        color: "#1c1917",
        padding: "1em",
        box_shadow: "",
        font_color: "#1c1917",
        font_family: "inherit",
        border_radius: "0.5em",
        background_color: "#ffffff",
        label_font_weight: "600",
      },
      accounts: { background_color: "#ffffff" },
    },
  };
}

function userSettings() {
  return {
    attributes: {
      email_address: attribute({
        enabled: true,
        required: true,
        used_for_first_factor: true,
        first_factors: ["email_code"],
        verifications: ["email_code"],
      }),
      password: attribute({ enabled: true, required: true }),
      first_name: attribute({ enabled: true }),
      last_name: attribute({ enabled: true }),
      phone_number: attribute(),
      username: attribute(),
      web3_wallet: attribute(),
      authenticator_app: attribute(),
      backup_code: attribute(),
      passkey: attribute(),
    },
    actions: { delete_self: false, create_organization: true },
    social: {},
    enterprise_sso: { enabled: false, self_serve_sso: false, self_serve_directory_sync: false },
    saml: { enabled: false },
    sign_in: { second_factor: { required: false, enabled: false } },
    sign_up: {
      allowlist_only: false,
      progressive: true,
      captcha_enabled: false,
      mode: "public",
      legal_consent_enabled: false,
    },
    password_settings: {
      min_length: 8,
      max_length: 72,
      allowed_special_characters: "",
      disable_hibp: true,
      require_special_char: false,
      require_numbers: false,
      require_uppercase: false,
      require_lowercase: false,
      show_zxcvbn: false,
      min_zxcvbn_strength: 0,
    },
    passkey_settings: { allow_autofill: false, show_sign_in_button: false },
    username_settings: { min_length: 4, max_length: 64 },
  };
}

function attribute(changes: object = {}) {
  return {
    enabled: false,
    required: false,
    verifications: [],
    used_for_first_factor: false,
    first_factors: [],
    used_for_second_factor: false,
    second_factors: [],
    verify_at_sign_up: false,
    ...changes,
  };
}
