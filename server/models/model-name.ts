import type { Model } from "../../lib/contract/model";

/** The model's name on /v1: letters, digits, dots, dashes and slashes. It has no underscore, so it is never the id of a run. */
export const modelSlug = (name: string): string => name.replace(/[^\p{L}\p{N}./-]+/gu, "-");

/** A name whose slug no other model has, because people type it. */
export function freeModelName(wanted: string, models: readonly Model[]): string {
  const taken = new Set(models.map((model) => modelSlug(model.name)));
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} ${n}`;
    if (!taken.has(modelSlug(name))) return name;
  }
}
