import { queryOptions } from "@tanstack/react-query";
import { api } from "../api";
import { call } from "../request";

export const systemQueries = {
  standby: () =>
    queryOptions({
      queryKey: ["system", "standby"] as const,
      queryFn: ({ signal }) => call(api.getStandby, {}, signal),
      // It warms up and leaves by itself.
      refetchInterval: 3000,
    }),
  report: () =>
    queryOptions({ queryKey: ["system", "report"] as const, queryFn: ({ signal }) => call(api.getSystem, {}, signal), staleTime: 60_000 }),
  /** Asked when somebody writes further arguments: the first answer takes seconds. */
  arguments: () =>
    queryOptions({
      queryKey: ["system", "arguments"] as const,
      queryFn: ({ signal }) => call(api.getArguments, {}, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};
