import localFont from "next/font/local";

// Latin only: other scripts are drawn by the system's font.
const geist = localFont({
  src: "../../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist",
});

const geistMono = localFont({
  src: "../../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist-mono",
  // Nothing that is shown first is set in it.
  preload: false,
});

/** Class names that give a page its fonts, served from where the page is. */
export const FONTS = `${geist.variable} ${geistMono.variable}`;
