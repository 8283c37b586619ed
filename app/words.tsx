import type { ReactNode } from "react";
import { loadMessages } from "@/lib/i18n/load";
import type { Subject } from "@/lib/i18n/subjects";
import { MoreMessages } from "./more-messages";
import { requestLocale } from "./request-locale";

/** The words of one page beside those of the shell: a page ships no more than it can say. words.test.ts holds the lists complete. */
export async function Words({ of, children }: { of: readonly Subject[]; children: ReactNode }) {
  return <MoreMessages messages={await loadMessages(await requestLocale(), of)}>{children}</MoreMessages>;
}
