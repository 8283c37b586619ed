import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReplaceChange } from "../../contract/dataset";
import type { RowForm } from "../../contract/dataset-names";
import type { Difference } from "../../contract/dataset-view";
import { type ApiInput, api } from "../api";
import { call } from "../request";

/** What versions are made of and how they differ. A version never changes, so nothing here goes stale. */
export const versionQueries = {
  replace: (datasetId: string, change: ReplaceChange, from: number) =>
    queryOptions({
      queryKey: ["datasets", "replace", datasetId, change, from] as const,
      queryFn: ({ signal }) => call(api.previewReplace, { datasetId, change, from }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  compare: (datasetId: string, beforeId: string) =>
    queryOptions({
      queryKey: ["datasets", "compare", datasetId, beforeId] as const,
      queryFn: ({ signal }) => call(api.compareVersions, { datasetId, beforeId }, signal),
      // Asked again once its task has ended well; asking after a failure would start another.
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    }),
  differences: (datasetId: string, beforeId: string, kind: Difference, offset: number, limit: number) =>
    queryOptions({
      queryKey: ["datasets", "differences", datasetId, beforeId, kind, offset, limit] as const,
      queryFn: ({ signal }) => call(api.compareRows, { datasetId, beforeId, kind, offset, limit }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  forecast: (datasetId: string, format: RowForm) =>
    queryOptions({
      queryKey: ["datasets", "forecast", datasetId, format] as const,
      queryFn: ({ signal }) => call(api.forecastRows, { datasetId, format }, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

/** Makes a version with text replaced or with some of the rows. */
export function useChangeDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"changeDataset">) => call(api.changeDataset, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets", "list"] }),
  });
}
