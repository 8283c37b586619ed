import { extname } from "node:path";
import type { TemplateChoice } from "../../../../lib/contract/inspect";
import type { ServerContext } from "../../../context";
import { AppError, invalidFields } from "../../../errors";
import { realPathInside } from "../../../models/inside-roots";

const endings = [".jinja", ".jinja2", ".j2", ".txt"];

export async function listTemplates(ctx: ServerContext): Promise<{ templates: string[] }> {
  return { templates: await ctx.warm.templates() };
}

/** A template as the helper is told of it: by name, or by the real path of a file inside the allowed folders. */
export async function findTemplate(ctx: ServerContext, choice: TemplateChoice): Promise<{ name: string } | { path: string }> {
  if (choice.type === "bundled") return { name: choice.name };
  const { path } = choice;
  if (!endings.includes(extname(path).toLowerCase()))
    throw refused(path, `A chat template is a file that ends with ${endings.join(", ")}.`);
  const real = await realPathInside(path, ctx.env.modelRoots).catch((error: NodeJS.ErrnoException) => {
    throw refused(path, error.code === "ENOENT" ? "There is no such file." : `It can't be read: ${error.code}.`);
  });
  if (real === null)
    throw new AppError("path_outside_roots", `${path} is outside of the allowed folders.`, {
      params: { path, roots: ctx.env.modelRoots.join(", ") },
    });
  return { path: real };
}

const refused = (path: string, message: string): AppError => invalidFields([{ path: "settings.template", message, value: path }]);
