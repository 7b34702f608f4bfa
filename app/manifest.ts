import type { MetadataRoute } from "next";

/** Describes Cairn to systems that install it: on a phone it opens in a window of its own, at the inbox. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: "/",
    name: "Cairn",
    short_name: "Cairn",
    description: "Runs of agents, and what waits for your answer.",
    start_url: "/?to=inbox",
    scope: "/",
    display: "standalone",
    background_color: "#f1f1ee",
    theme_color: "#f1f1ee",
    categories: ["business", "productivity"],
    icons: [
      { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    shortcuts: [
      { name: "Inbox", url: "/?to=inbox" },
      { name: "Runs", url: "/" },
    ],
  };
}
