import localFont from "next/font/local";

/** Latin cuts of the package's fonts (fonts/README.md); other scripts fall to the system's. */
export const geistSans = localFont({
  src: "./fonts/geist-latin.woff2",
  variable: "--font-geist-sans",
  weight: "100 900",
  display: "swap",
});

/** Not preloaded: most pages show no mono text above the fold. */
export const geistMono = localFont({
  src: "./fonts/geist-mono-latin.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  display: "swap",
  preload: false,
});
