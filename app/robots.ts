import type { MetadataRoute } from "next";

/** Keeps links to decisions, which open without an account, and the API out of search engines. Everything else asks for a sign-in. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: "*", disallow: ["/decide/", "/api/"] } };
}
