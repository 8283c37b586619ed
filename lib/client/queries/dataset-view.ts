import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DatasetMapping } from "../../contract/dataset";
import type { RenderSettings } from "../../contract/inspect";
import { type ApiInput, api } from "../api";
import { call } from "../request";

export type TableQuery = Omit<ApiInput<"queryRows">, "datasetId">;

const STILL_WORKING_MS = 700;

/** What one page of a data set asks for. A version never changes, so nothing here goes stale. */
export const datasetViewQueries = {
  table: (datasetId: string, query: TableQuery) =>
    queryOptions({
      queryKey: ["datasets", "table", datasetId, query] as const,
      queryFn: ({ signal }) => call(api.queryRows, { datasetId, ...query }, signal),
      placeholderData: keepPreviousData,
      refetchInterval: ({ state: { data } }) => (data && (data.indexing ?? data.preparing) !== null ? STILL_WORKING_MS : false),
    }),
  rawRow: (datasetId: string, row: number) =>
    queryOptions({
      queryKey: ["datasets", "raw", datasetId, row] as const,
      queryFn: ({ signal }) => call(api.getRawRow, { datasetId, row }, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  columns: (datasetId: string) =>
    queryOptions({
      queryKey: ["datasets", "columns", datasetId] as const,
      queryFn: ({ signal }) => call(api.getColumns, { datasetId }, signal),
      refetchInterval: ({ state }) => (state.data && state.data.preparing !== null ? STILL_WORKING_MS : false),
    }),
  preview: (datasetId: string, mapping: DatasetMapping | null, rows: readonly number[]) =>
    queryOptions({
      queryKey: ["datasets", "preview", datasetId, mapping, rows] as const,
      queryFn: async ({ signal }) => (await call(api.previewMapping, { datasetId, mapping, rows: [...rows] }, signal)).rows,
      placeholderData: keepPreviousData,
      retry: false,
    }),
  guess: (datasetId: string) =>
    queryOptions({
      queryKey: ["datasets", "guess", datasetId] as const,
      queryFn: ({ signal }) => call(api.guessMapping, { datasetId }, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  problems: (datasetId: string, reason: string | null, offset: number, limit: number) =>
    queryOptions({
      queryKey: ["datasets", "problems", datasetId, reason, offset, limit] as const,
      queryFn: ({ signal }) => call(api.getProblems, { datasetId, offset, limit, ...(reason !== null && { reason }) }, signal),
      placeholderData: keepPreviousData,
    }),
  inspect: (datasetId: string, row: number, settings: RenderSettings) =>
    queryOptions({
      queryKey: ["datasets", "inspect", datasetId, row, settings] as const,
      queryFn: ({ signal }) => call(api.inspectRow, { datasetId, row, settings }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  templates: () =>
    queryOptions({
      queryKey: ["templates"] as const,
      queryFn: async ({ signal }) => (await call(api.listTemplates, {}, signal)).templates,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  lengths: (datasetId: string, modelId: string) =>
    queryOptions({
      queryKey: ["datasets", "lengths", datasetId, modelId] as const,
      queryFn: ({ signal }) => call(api.measureLengths, { datasetId, modelId: asModelId(modelId) }, signal),
      // Asked again once its task has ended well; asking after a failure would start another.
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
};

type Id = ApiInput<"measureLengths">["modelId"];
// Ids come from the server's own lists; the server checks them again.
const asModelId = (id: string): Id => id as Id;

/** Ends the reading of a file for questions about all its rows. */
export const useStopTable = () => useMutation({ mutationFn: (input: ApiInput<"stopTable">) => call(api.stopTable, input) });

/** Reads every row with a mapping; of a version that is ready this makes the next one. */
export function useCheckDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"checkDataset">) => call(api.checkDataset, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets"] }),
  });
}

export function useRenameDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"renameDataset">) => call(api.renameDataset, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets"] }),
  });
}
