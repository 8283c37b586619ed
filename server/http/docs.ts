import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { API_PREFIX } from "../../lib/contract/api";
import { docsPage } from "./docs-page";
import { makeDocument } from "./openapi";
import type { Mount } from "./router";

/** The document for programs, and the same as a page for people. */
export const mountDocs: Mount = (app, ctx) => {
  const version = String(JSON.parse(readFileSync(join(ctx.env.root, "package.json"), "utf8")).version);
  const document = makeDocument({ version, basePath: ctx.env.basePath });
  app.get(`${API_PREFIX}/openapi.json`, (c) => c.json(document));
  app.get(`${API_PREFIX}/docs`, (c) => {
    const nonce = randomBytes(16).toString("base64");
    c.header(
      "content-security-policy",
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    return c.html(docsPage(document, { nonce, origin: new URL(c.req.url).origin }));
  });
};
