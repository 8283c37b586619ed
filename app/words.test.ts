import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { shellSubjects } from "@/lib/i18n/subjects";

const root = join(import.meta.dirname, "..");
const pages = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("page.tsx"))
  .map((name) => join("app", name));

test.each(pages)("%s names the subjects of all components that it can show", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const named = [...(/<Words of=\{\[([^\]]*)\]\}>/.exec(text)?.[1] ?? "").matchAll(/"(\w+)"/g)].map((match) => match[1]);
  const used = subjectsUsedBy(join(root, page)).filter((subject) => !shellSubjects.some((shell) => shell === subject));
  expect(named.sort()).toEqual(used.sort());
});

test("the shell's components use the shell's words alone", () => {
  const used = ["app/layout.tsx", "app/error.tsx", "app/not-found.tsx"].flatMap((file) => subjectsUsedBy(join(root, file)));
  expect(shellSubjects).toEqual(expect.arrayContaining([...new Set(used)]));
});

/** Follows every import, also those that come later. */
function subjectsUsedBy(start: string): string[] {
  const seen = new Set<string>();
  const subjects = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, subject] of text.matchAll(/useTranslations\("(\w+)[".]/g)) if (subject) subjects.add(subject);
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
      const target = specifier && find(file, specifier);
      if (target) visit(target);
    }
  };
  visit(start);
  return [...subjects];
}

function find(from: string, specifier: string): string | undefined {
  if (!/^(@\/|\.)/.test(specifier)) return undefined;
  const base = specifier.startsWith("@/") ? join(root, specifier.slice(2)) : resolve(dirname(from), specifier);
  const found = [base, `${base}.tsx`, `${base}.ts`].find((path) => existsSync(path) && statSync(path).isFile());
  if (!found) throw new Error(`${relative(root, from)} imports ${specifier}, which is not there`);
  return /\.tsx?$/.test(found) ? found : undefined;
}
