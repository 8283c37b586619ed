import type { ChatSettings } from "@/lib/client/ask-chat";
import type { Sampling } from "@/lib/client/chat-stream";

export type Knob = { name: Exclude<keyof Sampling, "seed">; wire: string; min: number; max: number; step: number; whole?: true };
export const knobs: readonly Knob[] = [
  { name: "temperature", wire: "temperature", min: 0, max: 2, step: 0.1 },
  { name: "topP", wire: "top_p", min: 0.01, max: 1, step: 0.05 },
  { name: "topK", wire: "top_k", min: 0, max: 1000, step: 5, whole: true },
  { name: "maxTokens", wire: "max_tokens", min: 1, max: 32_768, step: 64, whole: true },
  { name: "repetitionPenalty", wire: "repetition_penalty", min: 0.5, max: 2, step: 0.05 },
];

/** Empty fields and numbers out of range are not sent. */
export const isWrong = ({ min, max, whole }: Knob, value: number | null): boolean =>
  value === null || Number.isNaN(value) || value < min || value > max || (whole === true && !Number.isInteger(value));

export const wrongKnob = ({ sampling }: ChatSettings): Knob["name"] | null =>
  knobs.find((knob) => isWrong(knob, sampling[knob.name]))?.name ?? null;
