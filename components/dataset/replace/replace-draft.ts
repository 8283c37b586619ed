import type { ReplaceChange, ReplacePair } from "@/lib/contract/dataset";
import { pairProblems } from "@/lib/domain/replace-problems";

/** What is typed in the form; `paths` counts only where places are chosen. */
export type ReplaceDraft = {
  pairs: (ReplacePair & { id: number })[];
  where: "all" | "chosen";
  paths: string[][];
  matchCase: boolean;
  wholeWord: boolean;
};

export const emptyReplace: ReplaceDraft = {
  pairs: [{ id: 0, find: "", replace: "" }],
  where: "all",
  paths: [],
  matchCase: true,
  wholeWord: false,
};

/** Null while something is missing or wrong in it. */
export function toChange({ pairs, where, paths, matchCase, wholeWord }: ReplaceDraft): ReplaceChange | null {
  const scope = { paths: where === "all" ? null : paths, matchCase, wholeWord };
  const plain = pairs.map(({ find, replace }) => ({ find, replace }));
  if (pairProblems({ pairs: plain, scope }).length > 0 || scope.paths?.length === 0) return null;
  return { type: "replace", pairs: plain, scope };
}

export const addPair = (draft: ReplaceDraft): ReplaceDraft => ({
  ...draft,
  pairs: [...draft.pairs, { id: 1 + Math.max(...draft.pairs.map(({ id }) => id)), find: "", replace: "" }],
});

export const pathName = (path: readonly string[]): string => path.join(" › ");
export const samePath = (one: readonly string[], other: readonly string[]): boolean => JSON.stringify(one) === JSON.stringify(other);
