import type { Run } from "@/lib/contract/run";
import { presetIds, specFromRun } from "@/lib/domain/presets";
import { choiceOf, readSets, withSet } from "./data-draft";
import { applyPreset, type Draft, draftFromSpec, emptyDraft, setField } from "./draft";

/** `checkpoint` of the run `from` is the beginning of the new one. `dataset` is to be trained alone, `add` beside what the draft has. */
export type LaunchAddress = { from?: string; model?: string; dataset?: string; add?: string; preset?: string; checkpoint?: string };

/** What the address asks for, on top of the stored draft; a run or a preset is a fresh start. */
export function readAddress(stored: Draft, address: LaunchAddress, from: Run | null): Draft {
  const spec = from === null ? null : specFromRun(from);
  const preset = presetIds.find((id) => id === address.preset);
  let draft = spec !== null ? draftFromSpec(spec) : preset !== undefined ? applyPreset(emptyDraft, preset) : stored;
  if (from !== null && spec !== null && spec.lora !== null && address.checkpoint !== undefined)
    draft = setField(draft, "startFrom", { runId: from.id, checkpoint: address.checkpoint, how: "continue" });
  if (address.model !== undefined) draft = setField(draft, "modelId", address.model);
  if (address.dataset !== undefined) draft = setField(draft, "data.sets", [choiceOf(address.dataset)]);
  if (address.add !== undefined) draft = setField(draft, "data.sets", withSet(readSets(draft.values["data.sets"]), address.add));
  return draft;
}
