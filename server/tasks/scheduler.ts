import type { Run } from "../../lib/contract/run";

/** Each reads whole files: more of them at once would only wait for the disk and take the training's cores. */
const DATA_AT_ONCE = 2;

/** Who starts now: one training at a time and two works on data beside it, first come first served; chats and exports at once. */
export function nextToStart(queued: readonly Run[], active: readonly Run[]): Run[] {
  const limits = { train: 1, data: DATA_AT_ONCE };
  return [
    ...queued.filter(({ spec }) => spec.kind === "chat" || spec.kind === "export"),
    ...firstOf("train", limits.train),
    ...firstOf("data", limits.data),
  ];

  function firstOf(kind: keyof typeof limits, limit: number): Run[] {
    const free = limit - active.filter(({ spec }) => spec.kind === kind).length;
    return queued.filter(({ spec }) => spec.kind === kind).slice(0, Math.max(0, free));
  }
}
