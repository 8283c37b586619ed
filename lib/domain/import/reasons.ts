/**
 * Why a setting of another tool does not come into the form; words under `launch.import.reason`.
 * idle: nothing is lost, the training is the same without it. refused: it would have meant something, and Tuneboard has nothing like it.
 */
export const reasons = {
  always: "idle",
  off: "idle",
  place: "idle",
  speed: "idle",
  printing: "idle",
  inference: "idle",
  exporting: "idle",
  template: "idle",
  secret: "idle",
  devices: "idle",
  unusedHere: "idle",
  follows: "idle",
  overrides: "idle",
  packedApart: "idle",
  fromForm: "idle",
  ownCharts: "idle",
  enoughRows: "idle",
  environment: "refused",
  noSetting: "refused",
  noArgument: "refused",
  valueNotHere: "refused",
  stageNotHere: "refused",
  methodNotHere: "refused",
  tokenizer: "refused",
  vocabulary: "refused",
  architecture: "refused",
  quantised: "refused",
  optimiser: "refused",
  loss: "refused",
  ppo: "refused",
  preference: "refused",
  adapters: "refused",
  processes: "refused",
  otherEngine: "refused",
  otherFile: "refused",
  tracker: "refused",
  hub: "refused",
  profiler: "refused",
  generation: "refused",
  streaming: "refused",
  media: "refused",
  rowsAsTheyCome: "refused",
  headOfSet: "refused",
  resume: "refused",
  conflict: "refused",
  moreCommands: "refused",
  repeated: "idle",
  modelCode: "idle",
  byName: "idle",
  drawnBySeed: "idle",
  everyRowOnce: "idle",
} as const satisfies Record<string, "idle" | "refused">;
export type ReasonCode = keyof typeof reasons;

/** A list of names for each reason, as one table from name to reason. */
export function byReason(lists: Partial<Record<ReasonCode, string>>): Record<string, ReasonCode> {
  const entries = Object.entries(lists) as [ReasonCode, string][];
  return Object.fromEntries(entries.flatMap(([code, names]) => names.split(" ").map((name) => [name, code] as const)));
}
