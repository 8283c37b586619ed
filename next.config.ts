import type { NextConfig } from "next";

/** Settings only: our server stands in front, so there are no rewrites and no headers here. */
const config: NextConfig = {
  basePath: process.env.TUNEBOARD_BASE_PATH ?? "",
  env: { NEXT_PUBLIC_BASE_PATH: process.env.TUNEBOARD_BASE_PATH ?? "" },
  poweredByHeader: false,
  agentRules: false,
  // Our server stands in front as 127.0.0.1; without this the development server refuses its hot-reload socket.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  reactStrictMode: true,
  // The server hands out files compressed at build time; Next need not gzip pages of a few kilobytes twice.
  compress: true,
  typescript: { tsconfigPath: "tsconfig.json" },
  // Messages come parsed (lib/i18n/load.ts).
  turbopack: { resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
  experimental: {
    optimizePackageImports: ["radix-ui", "lucide-react"],
    // A cold visit pays more for a request than for some code that only the next page needs.
    turbopackChunking: {
      requestCost: 600_000,
      minChunkSize: 200_000,
      firstPageLoadPriority: 0.9,
      priorityRoutes: [/^\/$/, /^\/launch/],
      priorityBoost: 3,
    },
    turbopackMangleExportNames: true,
    turbopackCjsScopeHoisting: true,
    turbopackCjsTreeShaking: true,
    turbopackCrossModuleConstants: true,
  },
};

export default config;
