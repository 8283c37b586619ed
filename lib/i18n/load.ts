import compile from "icu-minify/compile";
import type { Locale } from "./locale";
import type { Subject } from "./subjects";

export type Messages = { [key: string]: string | Messages };

/** Messages of one language, of the subjects asked for; runs on the server, so nothing else travels. */
export async function loadMessages(locale: Locale, subjects: readonly Subject[]): Promise<Messages> {
  const files = await Promise.all(subjects.map((subject) => import(`./${locale}/${subject}.json`)));
  return Object.fromEntries(subjects.map((subject, index) => [subject, compiled(files[index].default)]));
}

const done = new WeakMap<Messages, Messages>();

/** Parsed once, here: the browser gets the parts and not the parser, which weighs more than all words together (next.config.ts). */
function compiled(messages: Messages): Messages {
  const known = done.get(messages);
  if (known) return known;
  const entries = Object.entries(messages).map(([key, value]) => [key, typeof value === "string" ? parse(value) : compiled(value)]);
  const parsed: Messages = Object.fromEntries(entries);
  done.set(messages, parsed);
  return parsed;
}

/** Text stays text; with figures it is a list, which use-intl's types do not know. A copy, since only plain objects travel to the browser. */
const parse = (message: string) => structuredClone(compile(message)) as string;
