import type { Locale } from "./locale";
import { subjects } from "./subjects";

export type Messages = { [key: string]: string | Messages };

/** All messages of one language; runs on the server, so the other language never travels. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const files = await Promise.all(subjects.map((subject) => import(`./${locale}/${subject}.json`)));
  return Object.fromEntries(subjects.map((subject, index) => [subject, files[index].default]));
}
