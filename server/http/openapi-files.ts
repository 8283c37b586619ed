import { rowForms } from "../../lib/contract/dataset-names";
import type { JsonSchema, Media, Operation, Parameter } from "./openapi";

type Shapes = Record<"error" | "chatRequest", JsonSchema>;
type FileOperation = { method: "GET" | "POST" | "PATCH"; path: string; operation: Operation };

/** Endpoints that carry files or streams, which the table does not hold. */
export function fileOperations({ error, chatRequest }: Shapes): FileOperation[] {
  const refused = { default: { description: "Refused, with a reason", content: json(error) } };
  const run = pathParameter("runId", "Such as run_0123456789ab");
  return [
    {
      method: "POST",
      path: "/api/uploads",
      operation: {
        operationId: "beginUpload",
        tags: ["data"],
        summary: "Announce a file of a data set: the tus protocol, version 1.0.0 (Upload-Length, Upload-Metadata: name)",
        responses: { "201": { description: "Send the bytes to the address in Location" }, ...refused },
      },
    },
    {
      method: "PATCH",
      path: "/api/uploads/{uploadId}",
      operation: {
        operationId: "sendUpload",
        tags: ["data"],
        summary: "Bytes of an upload from Upload-Offset on; HEAD tells how many are here, DELETE gives it up",
        parameters: [pathParameter("uploadId", "The last part of the address that the announcement gave")],
        requestBody: { required: true, content: { "application/offset+octet-stream": { schema: { type: "string", format: "binary" } } } },
        responses: { "204": { description: "Kept; Upload-Offset says up to where" }, ...refused },
      },
    },
    {
      method: "GET",
      path: "/api/datasets/{datasetId}/export",
      operation: {
        operationId: "exportDataset",
        tags: ["data"],
        summary: "The rows that train, as a file in another form",
        parameters: [
          pathParameter("datasetId", "Such as ds_0123456789ab"),
          {
            name: "format",
            in: "query",
            required: false,
            description: "jsonl: canonical rows; the other forms leave out rows that they have no place for",
            schema: { type: "string", enum: [...rowForms], default: "jsonl" },
          },
        ],
        responses: { "200": { description: "The file", content: binary }, ...refused },
      },
    },
    {
      method: "GET",
      path: "/api/datasets/registry/export",
      operation: {
        operationId: "exportRegistry",
        tags: ["data"],
        summary: "Several data sets as a tar that LLaMA-Factory reads: dataset_info.json and a file a set",
        parameters: [{ name: "ids", in: "query", required: true, description: "Ids with commas between", schema: { type: "string" } }],
        responses: { "200": { description: "The archive", content: binary }, ...refused },
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
