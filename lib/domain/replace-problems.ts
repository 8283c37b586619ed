import type { ReplaceChange } from "../contract/dataset";

export type PairProblem = { pair: number; field: "find" | "replace"; code: "empty" | "twice" | "same" };

/** What makes a pair useless, told by form and server alike. */
export function pairProblems({ pairs, scope }: Pick<ReplaceChange, "pairs" | "scope">): PairProblem[] {
  const plain = (text: string) => (scope.matchCase ? text : text.toLowerCase());
  return pairs.flatMap(({ find, replace }, pair): PairProblem[] => {
    if (find === "") return [{ pair, field: "find", code: "empty" }];
    if (pairs.findIndex((other) => plain(other.find) === plain(find)) < pair) return [{ pair, field: "find", code: "twice" }];
    return find === replace && scope.matchCase ? [{ pair, field: "replace", code: "same" }] : [];
  });
}
