import type { JsonSchema, Media, Operation, Parameter } from "./openapi";

type Shapes = Record<"error" | "dataset" | "chatRequest", JsonSchema>;
type FileOperation = { method: "GET" | "POST"; path: string; operation: Operation };

/** Endpoints that carry files or streams, which the table does not hold. */
export function fileOperations({ error, dataset, chatRequest }: Shapes): FileOperation[] {
  const refused = { default: { description: "Refused, with a reason", content: json(error) } };
  const run = pathParameter("runId", "Such as run_0123456789ab");
  return [
    {
      method: "POST",
      path: "/api/datasets",
      operation: {
        operationId: "uploadDataset",
        tags: ["data"],
        summary: "Upload one .json or .jsonl file as the body",
        parameters: [
          {
            name: "name",
            in: "query",
            required: true,
            description: "The file's name, such as questions.jsonl",
            schema: { type: "string" },
          },
        ],
        requestBody: { required: true, content: binary },
        responses: { "201": { description: "Done", content: json(dataset) }, ...refused },
      },
    },
    {
      method: "GET",
      path: "/api/exports/{runId}/files/{name}",
      operation: {
        operationId: "downloadExportFile",
        tags: ["exports"],
        summary: "One file of an export; ranges are answered",
        parameters: [run, pathParameter("name", "As listed in the run's artifact")],
        responses: {
          "200": { description: "The file", content: binary },
          "206": { description: "The range asked for", content: binary },
          ...refused,
        },
      },
    },
    {
      method: "GET",
      path: "/api/exports/{runId}/archive",
      operation: {
        operationId: "downloadExport",
        tags: ["exports"],
        summary: "All files of an export as one tar",
        parameters: [run],
        responses: { "200": { description: "The archive", content: { "application/x-tar": { schema: {} } } }, ...refused },
      },
    },
    {
      method: "GET",
      path: "/api/runs/{runId}/log/download",
      operation: {
        operationId: "downloadLog",
        tags: ["runs"],
        summary: "The whole output of all attempts",
        parameters: [run],
        responses: { "200": { description: "The log", content: { "text/plain": { schema: { type: "string" } } } }, ...refused },
      },
    },
    {
      method: "GET",
      path: "/v1/models",
      operation: {
        operationId: "listOpenAiModels",
        tags: ["chat"],
        summary: "Models in OpenAI's form",
        responses: { "200": { description: "Done", content: json({ type: "object" }) }, ...refused },
      },
    },
    {
      method: "POST",
      path: "/v1/chat/completions",
      operation: {
        operationId: "createChatCompletion",
        tags: ["chat"],
        summary: "Ask a model, as OpenAI's clients do; streams with `stream: true`",
        requestBody: { required: true, content: json(chatRequest) },
        responses: {
          "200": {
            description: "The answer",
            content: { ...json({ type: "object" }), "text/event-stream": { schema: { type: "string" } } },
          },
          ...refused,
        },
      },
    },
  ];
}

const json = (schema: JsonSchema): Media["content"] => ({ "application/json": { schema } });
const binary: Media["content"] = { "application/octet-stream": { schema: {} } };
const pathParameter = (name: string, description: string): Parameter => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string" },
});
