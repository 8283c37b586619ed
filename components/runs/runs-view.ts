import type { Run, RunStatus } from "@/lib/contract/run";
import { type Method, methods } from "@/lib/contract/stages";
import { dataNames } from "@/lib/domain/data-label";
import { bytesOf, loraRankOf, lossOf, methodOf, progressOf, secondsLeft } from "./run-facts";

export const statusFilters = ["active", "queued", "succeeded", "stopped", "failed"] as const;
export type StatusFilter = (typeof statusFilters)[number];
export const sortKeys = ["status", "name", "model", "data", "method", "loss", "progress", "time"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What the person chose; it lives in the URL, so that a link shows the same rows. `sort` null: newest first. */
export type RunsView = {
  search: string;
  status: StatusFilter | null;
  model: string | null;
  method: Method | null;
  sort: { key: SortKey; descending: boolean } | null;
};

export function viewRuns(runs: readonly Run[], view: RunsView): Run[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = runs.filter(
    (run) =>
      (view.status === null || filterOf[run.status] === view.status) &&
      (view.model === null || run.labels.model === view.model) &&
      (view.method === null || methodOf(run) === view.method) &&
      words.every((word) => textOf(run).includes(word)),
  );
  if (view.sort === null) return rows;
  const { key, descending } = view.sort;
  return rows.sort((a, b) => compare(sortValue(a, key), sortValue(b, key), descending) || b.createdAt - a.createdAt);
}

export const readView = (query: URLSearchParams): RunsView => ({
  search: query.get("q") ?? "",
  status: oneOf(statusFilters, query.get("status")),
  model: query.get("model"),
  method: oneOf(methods, query.get("method")),
  sort: readSort(query.get("sort")),
});

export function writeView(view: RunsView): string {
  const query = new URLSearchParams();
  if (view.search) query.set("q", view.search);
  if (view.status) query.set("status", view.status);
  if (view.model) query.set("model", view.model);
  if (view.method) query.set("method", view.method);
  if (view.sort) query.set("sort", `${view.sort.descending ? "-" : ""}${view.sort.key}`);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** First press sorts up, second down, third gives back the newest first. */
export function nextSort(sort: RunsView["sort"], key: SortKey): RunsView["sort"] {
  if (sort?.key !== key) return { key, descending: false };
  return sort.descending ? null : { key, descending: true };
}

export const totalBytes = (runs: readonly Run[]): number => runs.reduce((sum, run) => sum + bytesOf(run), 0);

const filterOf: Record<RunStatus, StatusFilter | null> = {
  draft: null,
  queued: "queued",
  starting: "active",
  running: "active",
  stopping: "active",
  succeeded: "succeeded",
  stopped: "stopped",
  failed: "failed",
  lost: "failed",
};
const statusOrder: readonly RunStatus[] = ["running", "starting", "stopping", "queued", "failed", "lost", "stopped", "succeeded", "draft"];

const textOf = (run: Run): string => `${run.name} ${run.labels.model} ${dataNames(run.labels)} ${run.id}`.toLowerCase();

function sortValue(run: Run, key: SortKey): string | number | null {
  switch (key) {
    case "status":
      return statusOrder.indexOf(run.status);
    case "name":
      return run.name.toLowerCase();
    case "model":
      return run.labels.model.toLowerCase();
    case "data":
      return run.labels.data?.toLowerCase() ?? null;
    case "method":
      return loraRankOf(run) ?? Number.MAX_SAFE_INTEGER;
    case "loss":
      return lossOf(run);
    case "progress":
      return progressOf(run);
    case "time":
      return secondsLeft(run) ?? (run.startedAt === null ? null : ((run.endedAt ?? run.startedAt) - run.startedAt) / 1000);
  }
}

/** Rows without a value stand last, whichever way one sorts. */
function compare(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "string" && typeof b === "string" ? a.localeCompare(b, undefined, { numeric: true }) : Number(a) - Number(b);
  return descending ? -order : order;
}

const oneOf = <V extends string>(values: readonly V[], text: string | null): V | null => values.find((value) => value === text) ?? null;

function readSort(text: string | null): RunsView["sort"] {
  const descending = text?.startsWith("-") ?? false;
  const key = oneOf(sortKeys, descending ? (text?.slice(1) ?? null) : text);
  return key && { key, descending };
}
