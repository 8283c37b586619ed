import { chat } from "./endpoints/chat";
import { datasets } from "./endpoints/datasets";
import { exports } from "./endpoints/exports";
import { models } from "./endpoints/models";
import { rows } from "./endpoints/rows";
import { runs } from "./endpoints/runs";
import { session } from "./endpoints/session";
import { system } from "./endpoints/system";

export { ChatModelInfo } from "./endpoints/chat";
export { RegistryEntry } from "./endpoints/datasets";
export type { Endpoint } from "./endpoints/endpoint";
export { ExportForecast } from "./endpoints/exports";
export { LogSlice, QuickStart } from "./endpoints/runs";

export const api = { ...session, ...runs, ...exports, ...chat, ...models, ...datasets, ...rows, ...system } as const;

/**
 * Endpoints that carry files or streams and stand beside the table:
 * `/api/uploads` the tus protocol, for files of data sets; `GET /api/datasets/:datasetId/export?format=` its rows as a file; `GET /api/exports/:runId/files/*` one file;
 * `GET /api/exports/:runId/archive` a tar of all files; `GET /api/runs/:runId/log/download`;
 * `GET /v1/models`, `POST /v1/chat/completions` (OpenAI).
 */
export const API_PREFIX = "/api";
export type Api = typeof api;
