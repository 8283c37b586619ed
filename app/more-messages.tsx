"use client";
import { type ReactNode, useMemo } from "react";
import { IntlProvider, useLocale, useMessages } from "use-intl";
import type { Messages } from "@/lib/i18n/load";

/** The provider takes what it is given in place of what is above it, so both are given. */
export function MoreMessages({ messages, children }: { messages: Messages; children: ReactNode }) {
  const locale = useLocale();
  const above = useMessages();
  const all = useMemo(() => ({ ...above, ...messages }), [above, messages]);
  return (
    <IntlProvider locale={locale} messages={all}>
      {children}
    </IntlProvider>
  );
}
