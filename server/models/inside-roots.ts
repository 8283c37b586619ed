import { realpath } from "node:fs/promises";
import { sep } from "node:path";

export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Links are followed first: what counts is where a file really lies. Null where it is outside of every root. */
export async function realPathInside(path: string, roots: readonly string[]): Promise<string | null> {
  const [real, ...realRoots] = await Promise.all([realpath(path), ...roots.map(realPathOrSelf)]);
  return realRoots.some((root) => isInside(real, root)) ? real : null;
}

/** A root that does not exist yet holds nothing, and allows nothing. */
const realPathOrSelf = (path: string): Promise<string> => realpath(path).catch(() => path);
