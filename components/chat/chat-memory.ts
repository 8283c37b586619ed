import { type ChatSettings, defaultSettings } from "@/lib/client/ask-chat";
import type { Turn } from "@/lib/client/conversation";

const turnsKey = (pane: number) => `tb-chat-${pane}`;
const SETTINGS_KEY = "tb-chat-settings";

/** What was said in this tab, for each pane; a reload goes on from it. */
export const readTurns = (pane: number): Turn[] => read<Turn[]>(turnsKey(pane)) ?? [];
export const keepTurns = (pane: number, turns: readonly Turn[]): void => keep(turnsKey(pane), turns);
export const readSettings = (): ChatSettings => {
  const kept = read<Partial<ChatSettings>>(SETTINGS_KEY);
  return { system: kept?.system ?? "", sampling: { ...defaultSettings.sampling, ...kept?.sampling } };
};
export const keepSettings = (settings: ChatSettings): void => keep(SETTINGS_KEY, settings);

/** Only this page writes these keys. A private window may have no storage: then nothing is kept. */
function read<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

function keep(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full or closed storage: the conversation goes on, it is only not there after a reload.
  }
}
