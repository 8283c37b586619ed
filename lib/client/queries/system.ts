import { queryOptions } from "@tanstack/react-query";
import { api } from "../api";
import { call } from "../request";

export const systemQueries = {
  report: () =>
    queryOptions({ queryKey: ["system", "report"] as const, queryFn: ({ signal }) => call(api.getSystem, {}, signal), staleTime: 60_000 }),
};
