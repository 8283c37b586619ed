import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ApiInput, type ApiOutput, api } from "../api";
import { call } from "../request";

export type OverlapSets = Omit<ApiInput<"findOverlap">, "start">;
export type OverlapKind = ApiOutput<"getOverlapFindings">["findings"][number]["kind"];

export const overlapQueries = {
  /** What is known of these sets, or the task that compares them; starts nothing. */
  known: (sets: OverlapSets) =>
    queryOptions({
      queryKey: ["datasets", "overlap", sets] as const,
      queryFn: ({ signal }) => call(api.findOverlap, { ...sets, start: false }, signal),
      retry: false,
    }),
  findings: (sets: OverlapSets, kind: OverlapKind | null, offset: number, limit: number) =>
    queryOptions({
      queryKey: ["datasets", "overlap", "findings", sets, kind, offset, limit] as const,
      queryFn: ({ signal }) => call(api.getOverlapFindings, { ...sets, kind, offset, limit }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

export function useCompareSets() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sets: OverlapSets) => call(api.findOverlap, { ...sets, start: true }),
    onSuccess: (found, sets) => client.setQueryData(overlapQueries.known(sets).queryKey, found),
  });
}

/** Where a comparison stands: on the page of its first training set. */
export const overlapHref = ({ trainIds, validationIds }: OverlapSets): string =>
  `/data/${trainIds[0]}?tab=overlap&train=${trainIds.join(",")}${validationIds.length > 0 ? `&validation=${validationIds.join(",")}` : ""}`;
