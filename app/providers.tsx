"use client";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { IntlProvider } from "use-intl";
import { makeQueryClient } from "@/lib/client/query-client";
import type { Messages } from "@/lib/i18n/load";
import type { Locale } from "@/lib/i18n/locale";

type ProvidersProps = { locale: Locale; messages: Messages; children: ReactNode };

export function Providers({ locale, messages, children }: ProvidersProps) {
  const [queryClient] = useState(makeQueryClient);
  return (
    <IntlProvider locale={locale} messages={messages} timeZone={timeZone} onError={reportMissing}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </IntlProvider>
  );
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A missing message shows its key; the console names it, keys.test.ts finds it before that. */
const reportMissing = (error: Error) => console.error(error.message);
