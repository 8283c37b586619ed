import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { AppFrame } from "@/components/layout/app-frame";
import { asTheme, showThemeScript, THEME_COOKIE } from "@/lib/domain/theme";
import { loadMessages } from "@/lib/i18n/load";
import { shellSubjects } from "@/lib/i18n/subjects";
import { geistMono, geistSans } from "./fonts";
import "./globals.css";
import { Providers } from "./providers";
import { requestLocale } from "./request-locale";

export const metadata: Metadata = {
  title: { default: "Tuneboard", template: "%s · Tuneboard" },
  description: "Fine-tune open language models",
  robots: { index: false },
};
export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fafb" },
    { media: "(prefers-color-scheme: dark)", color: "#101117" },
  ],
};

/** The shell is rendered on the server in the person's language; the data comes with the page's own queries. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [cookieJar, header, locale] = await Promise.all([cookies(), headers(), requestLocale()]);
  const messages = await loadMessages(locale, shellSubjects);
  return (
    <html lang={locale === "zh" ? "zh-CN" : "en"} className={`${geistSans.variable} ${geistMono.variable}`} suppressHydrationWarning>
      <body className="font-sans">
        <script
          nonce={header.get("x-nonce") ?? undefined}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a line of our own, for one of three words
          dangerouslySetInnerHTML={{ __html: showThemeScript(asTheme(cookieJar.get(THEME_COOKIE)?.value)) }}
          suppressHydrationWarning
        />
        <Providers locale={locale} messages={messages}>
          <AppFrame folded={cookieJar.get("tb-rail")?.value === "folded"}>{children}</AppFrame>
        </Providers>
      </body>
    </html>
  );
}
