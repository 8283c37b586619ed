"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelQueries } from "@/lib/client/queries/models";
import type { RenderLook, RenderSettings, TemplateChoice } from "@/lib/contract/inspect";
import type { Model } from "@/lib/contract/model";
import { asTrained, type KeptSettings, readKept } from "../kept-settings";

const KEY = "tb-render";
const DEFAULT_CUTOFF = 2048;
const MIN_CUTOFF = 16;

export type RenderChoice = {
  models: readonly Model[] | undefined;
  error: Error | null;
  model: Model | null;
  cutoff: number;
  /** Null: the model's own. */
  template: TemplateChoice | null;
  look: RenderLook;
  /** Null while no model is there, or cutoff or template are nothing that can be used. */
  settings: RenderSettings | null;
  validCutoff: boolean;
  set: (change: KeptSettings) => void;
};

/** Which model's tokenizer and which template show the rows; kept in this browser, the same on every data set. */
export function useRenderSettings(): RenderChoice {
  const { data, error } = useQuery(modelQueries.list());
  const [kept, setKept] = useState(() => readKept(KEY));
  const template = kept.template ?? null;
  const look = kept.look ?? asTrained;
  // A template of another place serves a model that has none.
  const usable = data?.filter(({ path, facts }) => path !== null && (facts?.chatTemplate !== false || template !== null));
  const model = usable?.find(({ id }) => id === kept.modelId) ?? usable?.[0] ?? null;
  const cutoff = kept.cutoff ?? Math.min(DEFAULT_CUTOFF, model?.facts?.contextLength ?? DEFAULT_CUTOFF);
  const validCutoff = Number.isInteger(cutoff) && cutoff >= MIN_CUTOFF && cutoff <= 1_048_576;
  const named = template?.type !== "file" || template.path.trim() !== "";
  return {
    models: usable,
    error,
    model,
    cutoff,
    template,
    look,
    validCutoff,
    settings:
      model !== null && validCutoff && named
        ? {
            modelId: model.id,
            cutoffLength: cutoff,
            ...(template && { template }),
            ...(JSON.stringify(look) !== JSON.stringify(asTrained) && { look }),
          }
        : null,
    set: (change) => {
      const next = { ...kept, ...change };
      setKept(next);
      localStorage.setItem(KEY, JSON.stringify(next));
    },
  };
}
