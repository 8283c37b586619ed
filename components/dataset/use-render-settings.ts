"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelQueries } from "@/lib/client/queries/models";
import type { RenderSettings } from "@/lib/contract/inspect";
import type { Model } from "@/lib/contract/model";

const KEY = "tb-render";
const DEFAULT_CUTOFF = 2048;
const MIN_CUTOFF = 16;

export type RenderChoice = {
  models: readonly Model[] | undefined;
  error: Error | null;
  model: Model | null;
  cutoff: number;
  /** Null while no model is there or the cutoff is no number that can be used. */
  settings: RenderSettings | null;
  setModel: (id: string) => void;
  setCutoff: (cutoff: number) => void;
};

/** Which model's tokenizer and template show the rows; kept in this browser, the same on every data set. */
export function useRenderSettings(): RenderChoice {
  const { data, error } = useQuery(modelQueries.list());
  const [kept, setKept] = useState(read);
  const keep = (next: Kept): void => {
    setKept(next);
    localStorage.setItem(KEY, JSON.stringify(next));
  };
  const usable = data?.filter(({ path, facts }) => path !== null && facts?.chatTemplate !== false);
  const model = usable?.find(({ id }) => id === kept.modelId) ?? usable?.[0] ?? null;
  const cutoff = kept.cutoff ?? Math.min(DEFAULT_CUTOFF, model?.facts?.contextLength ?? DEFAULT_CUTOFF);
  const valid = Number.isInteger(cutoff) && cutoff >= MIN_CUTOFF && cutoff <= 1_048_576;
  return {
    models: usable,
    error,
    model,
    cutoff,
    settings: model !== null && valid ? { modelId: model.id, cutoffLength: cutoff } : null,
    setModel: (modelId) => keep({ ...kept, modelId }),
    setCutoff: (next) => keep({ ...kept, cutoff: next }),
  };
}

type Kept = { modelId?: string; cutoff?: number };

function read(): Kept {
  if (typeof localStorage === "undefined") return {};
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return {
      ...("modelId" in kept && typeof kept.modelId === "string" && { modelId: kept.modelId }),
      ...("cutoff" in kept && typeof kept.cutoff === "number" && { cutoff: kept.cutoff }),
    };
  } catch {
    return {}; // written by something else: the defaults hold
  }
}
