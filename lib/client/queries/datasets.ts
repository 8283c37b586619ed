import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Dataset } from "../../contract/dataset";
import { isReady, type ReadyDataset } from "../../domain/ready-dataset";
import { type ApiInput, api } from "../api";
import { call } from "../request";

export const datasetQueries = {
  all: () => ["datasets"] as const,
  /** All versions in any status; the server pushes changes into it. */
  every: () =>
    queryOptions({
      queryKey: ["datasets", "list"] as const,
      queryFn: async ({ signal }) => (await call(api.listDatasets, {}, signal)).datasets,
    }),
  /** What can be trained. */
  list: () => queryOptions({ ...datasetQueries.every(), select: readyOnes }),
  detail: (datasetId: string) =>
    queryOptions({
      queryKey: ["datasets", "detail", datasetId] as const,
      queryFn: ({ signal }) => call(api.getDataset, { datasetId }, signal),
    }),
  rows: (datasetId: string, offset: number, limit: number) =>
    queryOptions({
      queryKey: ["datasets", "rows", datasetId, offset, limit] as const,
      queryFn: ({ signal }) => call(api.getDatasetRows, { datasetId, offset, limit }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

// Named once: an inline function would be run anew at each render.
const readyOnes = (datasets: Dataset[]): ReadyDataset[] => datasets.filter(isReady);

export function useDeleteDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"deleteDataset">) => call(api.deleteDataset, input),
    // Its own page still stands for a moment and must not ask for what is gone.
    onSuccess: () => client.invalidateQueries({ queryKey: datasetQueries.every().queryKey }),
  });
}
