import type { RenderLook, TemplateChoice } from "@/lib/contract/inspect";

export type KeptSettings = { modelId?: string; cutoff?: number; template?: TemplateChoice | null; look?: RenderLook };

/** All of a row is shown, nothing is asked behind it. */
export const asTrained: RenderLook = { tools: true, reasoning: true, prompt: false };

/** What this browser kept; whatever was written by something else counts as nothing. */
export function readKept(key: string): KeptSettings {
  if (typeof localStorage === "undefined") return {};
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (!isObject(kept)) return {};
    const { modelId, cutoff } = kept;
    const template = readTemplate(kept.template);
    return {
      ...(typeof modelId === "string" && { modelId }),
      ...(typeof cutoff === "number" && { cutoff }),
      ...(template && { template }),
    };
  } catch {
    return {}; // written by something else: the defaults hold
  }
}

function readTemplate(value: unknown): TemplateChoice | null {
  if (!isObject(value)) return null;
  const { type, name, path } = value;
  if (type === "bundled" && typeof name === "string") return { type, name };
  return type === "file" && typeof path === "string" ? { type, path } : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
