import type { KnownModel, KnownSet } from "./types";

/** `exact`: the very path, id or name; else only the last part of it is the same, which is said. */
export type Match<T> = { found: T; exact: boolean } | null;

/** By id, name, path or hub id; else by the last part of a path, as the same model lies elsewhere on another machine. */
export function matchModel(reference: string, models: readonly KnownModel[]): Match<KnownModel> {
  const asked = trimmed(reference);
  const namesOf = ({ id, name, path, source }: KnownModel) =>
    [id, name, path ?? "", source.type === "hub" ? source.repo : ""].filter(Boolean).map(trimmed);
  const exact = models.find((model) => namesOf(model).includes(asked));
  if (exact !== undefined) return { found: exact, exact: true };
  const last = lastPart(asked);
  const near = models.find((model) => namesOf(model).some((name) => lastPart(name) === last));
  return near === undefined ? null : { found: near, exact: false };
}

/** By id, name or the name of its file, whatever the ending; the newest version of a set that has several. */
export function matchDataset(reference: string, datasets: readonly KnownSet[]): Match<KnownSet> {
  const asked = trimmed(reference);
  const newest = datasets.toSorted((left, right) => right.version - left.version || right.createdAt - left.createdAt);
  const exact = newest.find(({ id, name }) => [id, name].includes(asked) || asked.includes(id));
  if (exact !== undefined) return { found: exact, exact: true };
  const key = keyOf(asked);
  const near = newest.find(({ name, fileName }) => [name, fileName].some((one) => keyOf(one) === key));
  return near === undefined ? null : { found: near, exact: false };
}

const trimmed = (text: string): string => text.trim().replace(/[/\\]+$/, "");

/** ModelScope writes a dot in a folder's name as three underscores. */
const lastPart = (path: string): string => (path.split(/[/\\]/).at(-1) ?? "").replaceAll("___", ".").toLowerCase();

/** Names as dataset_info.json has them: no ending, nothing that a command line can't hold. */
const keyOf = (text: string): string =>
  lastPart(text)
    .replace(/\.(jsonl?|csv|tsv|parquet|arrow|txt)(\.(gz|zst))?$/, "")
    .replace(/[^\p{L}\p{N}]+/gu, "_");
