import { THEME_COOKIE } from "../../lib/domain/theme";
import { docsStyle } from "./docs-style";
import type { Document, JsonSchema, Media, Operation } from "./openapi";

type Entry = { method: string; path: string; operation: Operation };

/** Everything in it comes from the document; its one line of script takes over the theme that was chosen in the app. */
export function docsPage(document: Document, { nonce, origin }: { nonce: string; origin: string }): string {
  const base = origin + (document.servers[0]?.url ?? "").replace(/\/$/, "");
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const sections = document.tags.map((tag) => ({ ...tag, entries: entries.filter(({ operation }) => operation.tags.includes(tag.name)) }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tuneboard API</title><style nonce="${escapeHtml(nonce)}">${docsStyle}</style>
<script nonce="${escapeHtml(nonce)}">${followTheme}</script></head>
<body><header><h1>${escapeHtml(document.info.title)} API <small>${escapeHtml(document.info.version)}</small></h1>
<p>${escapeHtml(document.info.description)} <a href="openapi.json">openapi.json</a></p>
<nav>${sections.map(({ name, description }) => `<a href="#${name}">${escapeHtml(description)}</a>`).join("")}</nav></header>
<main>${sections.map((section) => `<section id="${section.name}"><h2>${escapeHtml(section.description)}</h2>${section.entries.map((entry) => entryHtml(entry, document, base)).join("")}</section>`).join("")}
<section id="schemas"><h2>Shapes</h2>${Object.entries(document.components.schemas).map(shapeHtml).join("")}</section></main></body></html>`;
}

/** Without a choice the system's theme holds. */
const followTheme = `document.documentElement.dataset.theme = /(?:^|; )${THEME_COOKIE}=(\\w+)/.exec(document.cookie)?.[1] ?? "system"`;

function entryHtml({ method, path, operation }: Entry, document: Document, base: string): string {
  const [status = "200", answer] = Object.entries(operation.responses)[0] ?? [];
  return `<details id="${operation.operationId}"><summary><b class="${method.toLowerCase()}">${method}</b><code>${escapeHtml(path)}</code><span>${escapeHtml(operation.summary)}</span></summary>
<div>${inputHtml(operation)}
<h3>Answer</h3><p><code>${status}</code> ${answer ? mediaHtml(answer.content) : ""}</p>
<h3>Example</h3><pre>${escapeHtml(curl({ method, path, operation }, document, base))}</pre></div></details>`;
}

function inputHtml(operation: Operation): string {
  const parameters = (operation.parameters ?? []).map((parameter) => ({ ...parameter, place: parameter.in }));
  const body = firstSchema(operation.requestBody);
  const fields = fieldsOf(body).map((field) => ({ ...field, place: "body" }));
  const rows = [...parameters, ...fields];
  if (rows.length > 0) return `<h3>Input</h3>${table(rows)}`;
  return body ? `<h3>Input</h3><p>${mediaHtml(operation.requestBody?.content)}</p>` : "<h3>Input</h3><p>None.</p>";
}

type Row = { name: string; place: string; required: boolean; description?: string; schema: JsonSchema };

const table = (rows: Row[]): string =>
  `<table><thead><tr><th>Field</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows
    .map(
      ({ name, place, required, description, schema }) =>
        `<tr><td><code>${escapeHtml(name)}</code>${required ? "" : " <i>optional</i>"}</td><td>${place}</td><td>${typeHtml(schema)}</td><td>${escapeHtml(description ?? schema.description ?? "")}</td></tr>`,
    )
    .join("")}</tbody></table>`;

const shapeHtml = ([name, schema]: [string, JsonSchema]): string =>
  `<details id="shape-${name}"><summary><code>${name}</code></summary><div>${
    schema.properties ? table(fieldsOf(schema).map((field) => ({ ...field, place: "" }))) : `<p>${typeHtml(schema)}</p>`
  }</div></details>`;

const fieldsOf = (schema: JsonSchema | undefined): Omit<Row, "place">[] =>
  Object.entries(schema?.properties ?? {}).map(([name, field]) => ({
    name,
    required: schema?.required?.includes(name) ?? false,
    schema: field,
  }));

const firstSchema = (media: Media | undefined): JsonSchema | undefined => Object.values(media?.content ?? {})[0]?.schema;

const mediaHtml = (content: Media["content"] | undefined): string =>
  Object.entries(content ?? {})
    .map(([type, { schema }]) => `<code>${type}</code> ${typeHtml(schema)}`)
    .join(" or ");

/** A type in few words: names of shapes are links, the rest is spelt out one level deep. */
function typeHtml(schema: JsonSchema, depth = 0): string {
  const reference = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  if (reference !== undefined) return `<a href="#shape-${reference}">${reference}</a>`;
  const choices = schemaList(schema.anyOf) ?? schemaList(schema.oneOf);
  if (choices) return choices.map((choice) => typeHtml(choice, depth)).join(" or ");
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(" or ");
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.type === "array") return `list of ${typeHtml(asSchema(schema.items), depth)}`;
  if (schema.properties && depth < 2)
    return `{ ${Object.entries(schema.properties)
      .map(([name, field]) => `${escapeHtml(name)}: ${typeHtml(field, depth + 1)}`)
      .join(", ")} }`;
  return escapeHtml(String(schema.type ?? "any")) + limitsOf(schema);
}

function limitsOf(schema: JsonSchema): string {
  const low = schema.minimum ?? schema.exclusiveMinimum ?? schema.minLength;
  const high = schema.maximum ?? schema.maxLength;
  if (typeof high === "number" && Math.abs(high) >= Number.MAX_SAFE_INTEGER) return "";
  if (low === undefined && high === undefined) return "";
  return ` <i>${low ?? ""} … ${high ?? ""}</i>`;
}

function curl({ method, path, operation }: Entry, document: Document, base: string): string {
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === "query" && parameter.required);
  const address = base + path + (query.length > 0 ? `?${query.map(({ name }) => `${name}=…`).join("&")}` : "");
  const [type] = Object.keys(operation.requestBody?.content ?? {});
  const schema = firstSchema(operation.requestBody);
  const body =
    type === "application/json" ? [`-H 'content-type: application/json'`, `-d '${JSON.stringify(sample(schema ?? {}, document, 0))}'`] : [];
  const file = type === "application/octet-stream" ? ["--data-binary @file.jsonl"] : [];
  return [
    "curl",
    method === "GET" ? [] : `-X ${method}`,
    operation.security ? [] : `-H "authorization: Bearer $TUNEBOARD_TOKEN"`,
    body,
    file,
    `'${address}'`,
  ]
    .flat(2)
    .join(" ");
}

/** A body that has every field that must be there. */
function sample(schema: JsonSchema, document: Document, depth: number): unknown {
  const reference = typeof schema.$ref === "string" ? document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] : undefined;
  if (reference) return depth > 4 ? {} : sample(reference, document, depth + 1);
  const choices = schemaList(schema.anyOf) ?? schemaList(schema.oneOf);
  if (schema.default !== undefined) return schema.default;
  if (choices?.[0]) return sample(choices[0], document, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.properties && depth <= 5)
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {}, document, depth + 1)]));
  if (schema.type === "array") return depth > 4 ? [] : [sample(asSchema(schema.items), document, depth + 1)];
  if (schema.type === "string") return "…";
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 1;
  if (schema.type === "boolean") return false;
  return null;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// Inside of a JSON Schema, items and choices are JSON Schemas.
const asSchema = (value: unknown): JsonSchema => (typeof value === "object" && value !== null ? { ...value } : {});
const schemaList = (value: unknown): JsonSchema[] | null => (Array.isArray(value) ? value.map(asSchema) : null);
