import * as z from "zod";
import { API_PREFIX, api, type Endpoint } from "../../lib/contract/api";
import { Dataset, DatasetRow } from "../../lib/contract/dataset";
import { WireError } from "../../lib/contract/errors";
import { ChatTarget, ExportSpec, TrainSpec } from "../../lib/contract/job-spec";
import { Model } from "../../lib/contract/model";
import { Run } from "../../lib/contract/run";
import { SystemReport } from "../../lib/contract/system";
import { ChatRequest } from "../services/chat/chat-request";
import { fileOperations } from "./openapi-files";

export type JsonSchema = { [key: string]: unknown; properties?: Record<string, JsonSchema>; required?: string[]; description?: string };
export type Parameter = { name: string; in: "path" | "query"; required: boolean; description?: string; schema: JsonSchema };
export type Media = { content: Record<string, { schema: JsonSchema }> };
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: Parameter[];
  requestBody?: Media & { required: boolean };
  responses: Record<string, { description: string } & Partial<Media>>;
  security?: [];
};
export type Document = {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> };
};

const tags: Document["tags"] = [
  { name: "runs", description: "Training runs" },
  { name: "data", description: "Data sets" },
  { name: "models", description: "Models to train from" },
  { name: "exports", description: "Merged models and adapters to take away" },
  { name: "chat", description: "Talking to models, checkpoints and exports" },
  { name: "system", description: "Machine and environment" },
  { name: "session", description: "Signing in" },
];

/** The whole HTTP interface, drawn from the endpoint table that the router and the browser use too. */
export function makeDocument({ version, basePath }: { version: string; basePath: string }): Document {
  const schemas = new Schemas();
  const paths: Document["paths"] = {};
  const add = (method: string, path: string, operation: Operation) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const [name, endpoint] of Object.entries<Endpoint>(api))
    add(endpoint.method, API_PREFIX + toTemplate(endpoint.path), toOperation(name, endpoint, schemas));
  const shapes = {
    error: schemas.of(WireError, "output"),
    chatRequest: schemas.inline(ChatRequest),
  };
  for (const { method, path, operation } of fileOperations(shapes)) add(method, path, operation);
  return {
    openapi: "3.1.0",
    info: {
      title: "Tuneboard",
      version,
      description: "Send the token that the server printed as `Authorization: Bearer …`. Errors name a code, the fields and a remedy.",
    },
    servers: [{ url: basePath || "/" }],
    security: [{ bearer: [] }, { cookie: [] }],
    tags,
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: { bearer: { type: "http", scheme: "bearer" }, cookie: { type: "apiKey", in: "cookie", name: "tb-session" } },
    },
  };
}

const toTemplate = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

function toOperation(operationId: string, endpoint: Endpoint, schemas: Schemas): Operation {
  const input = schemas.inline(endpoint.input);
  const pathNames = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const inQuery = endpoint.method === "GET" || endpoint.method === "DELETE";
  const names = inQuery ? Object.keys(input.properties ?? {}) : pathNames;
  const parameters = names.map((name) => toParameter(name, input, pathNames.includes(name)));
  const body = inQuery ? null : withoutFields(input, pathNames);
  return {
    operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      [String(endpoint.status ?? 200)]: {
        description: "Done",
        content: { "application/json": { schema: schemas.of(endpoint.output, "output") } },
      },
      default: { description: "Refused, with a reason", content: { "application/json": { schema: schemas.of(WireError, "output") } } },
    },
    ...(endpoint.open && { security: [] }),
  };
}

function toParameter(name: string, input: JsonSchema, inPath: boolean): Parameter {
  const { description, ...schema } = input.properties?.[name] ?? {};
  return {
    name,
    in: inPath ? "path" : "query",
    required: inPath || (input.required?.includes(name) ?? false),
    ...(description !== undefined && { description }),
    schema,
  };
}

/** What is left for the body once the path has its part; null when that is nothing. */
function withoutFields(input: JsonSchema, names: string[]): JsonSchema | null {
  if (input.properties === undefined) return input;
  const properties = Object.fromEntries(Object.entries(input.properties).filter(([name]) => !names.includes(name)));
  if (Object.keys(properties).length === 0) return null;
  return { ...input, properties, required: input.required?.filter((name) => !names.includes(name)) ?? [] };
}

/** JSON Schemas in which the big shapes stand once, under their names. */
class Schemas {
  readonly named: Record<string, JsonSchema> = {};
  private readonly registry = new NamedShapes();

  constructor() {
    for (const [id, schema] of Object.entries({
      Run,
      Model,
      Dataset,
      DatasetRow,
      TrainSpec,
      ExportSpec,
      ChatTarget,
      SystemReport,
      Error: WireError,
    }))
      this.registry.add(schema, { id });
  }

  of(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    // A schema at the top is not drawn out by zod; inside of another one it is.
    const wrapped = this.convert(z.object({ it: schema }), io);
    return wrapped.properties?.it ?? {};
  }

  inline(schema: z.ZodType): JsonSchema {
    return this.convert(schema, "input");
  }

  private convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $defs, $schema: _, ...rest } = asSchema(JSON.parse(this.toText(schema, io)));
    for (const [name, definition] of Object.entries($defs ?? {})) {
      const { id: __, ...own } = asSchema(definition);
      this.named[name] = own;
    }
    return rest;
  }

  private toText(schema: z.ZodType, io: "input" | "output"): string {
    const made = z.toJSONSchema(schema, { metadata: this.registry, io, unrepresentable: "any" });
    return JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  }
}

type Meta = { id?: string; description?: string };

/** Our names beside the descriptions that the contract gives, which stand in zod's own registry. */
class NamedShapes extends z.core.$ZodRegistry<Meta> {
  override get<S extends z.core.$ZodType>(schema: S) {
    return { ...z.globalRegistry.get(schema), ...super.get(schema) };
  }
}

// zod's own type for JSON Schema is wider than what it writes.
const asSchema = (value: unknown): JsonSchema & { $defs?: Record<string, JsonSchema> } =>
  value as JsonSchema & { $defs?: Record<string, JsonSchema> };
