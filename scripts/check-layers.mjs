import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "./lib/paths.mjs";

const ground = ["lib/contract", "lib/domain", "lib/formats"];
const serverGround = ["context", "env", "errors", "log", "bus", "clock", "ids", "python"].map((name) => `server/${name}`);

/** Floors of the house from the ground up: a file may import its own floor's folder and the floors named here. */
const floors = [
  { folder: "lib/contract", may: [] },
  { folder: "lib/domain", may: ["lib/contract"] },
  { folder: "lib/formats", may: ["lib/contract", "lib/domain"] },
  { folder: "lib/i18n", may: [] },
  { folder: "lib/client", may: ["lib/contract", "lib/domain", "lib/formats", "lib/i18n"] },
  { folder: "components/ui", may: [] },
  { folder: "components/charts", may: ["components/ui", "lib/domain"] },
  { folder: "components/layout", may: ["components/ui", "components/charts", "lib/client", "lib/domain", "lib/contract", "lib/i18n"] },
  {
    folder: "components/*",
    may: ["components/ui", "components/charts", "components/layout", "lib/client", "lib/domain", "lib/contract", "lib/formats", "lib/i18n"],
  },
  { folder: "app", may: ["components", "lib/client", "lib/domain", "lib/contract", "lib/i18n"] },
  { folder: "server/stores", may: [...serverGround, ...ground] },
  { folder: "server/launchers", may: ["server/stores", ...serverGround, ...ground] },
  { folder: "server/tasks", may: ["server/launchers", "server/stores", ...serverGround, ...ground] },
  { folder: "server/models", may: ["server/stores", ...serverGround, ...ground] },
  { folder: "server/data", may: ["server/models", "server/stores", ...serverGround, ...ground] },
  { folder: "server/system", may: ["server/stores", ...serverGround, ...ground] },
  { folder: "server/warm", may: [...serverGround, ...ground] },
  {
    folder: "server/services",
    may: [
      "server/tasks",
      "server/models",
      "server/system",
      "server/data",
      "server/warm",
      "server/stores",
      "server/usage",
      ...serverGround,
      ...ground,
    ],
  },
  { folder: "server/http", may: ["server", "lib/contract", "lib/domain"] },
  { folder: "server/socket", may: ["server", "lib/contract", "lib/domain"] },
  { folder: "server", may: ["server", "lib/contract", "lib/domain", "lib/formats"] },
];
const closedTo = { "server/http": ["server/socket", "server/main"], "server/socket": ["server/http/routes", "server/main"] };

const problems = [];
const graph = new Map();
for (const top of ["app", "components", "lib", "server"]) for (const file of sourcesUnder(join(root, top))) check(file);
problems.push(...circles());

if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(`\n${problems.length} imports against the floors of docs/architecture.md`);
  process.exit(1);
}
console.log(`${graph.size} files keep to the floors; no circles`);

function check(file) {
  const name = relative(root, file);
  const floor = floorOf(name);
  const targets = [];
  for (const specifier of importsOf(readFileSync(file, "utf8"))) {
    const target = resolveImport(file, specifier);
    if (target === null) continue;
    const targetName = relative(root, target);
    if (!specifier.typeOnly) targets.push(targetName);
    if (!allowed(name, floor, targetName)) problems.push(`${name}\n    imports ${targetName}`);
  }
  graph.set(name, targets);
}

function allowed(name, floor, targetName) {
  if (/\.test\.tsx?$/.test(name)) return true;
  const own = floor.folder === "components/*" ? name.split("/").slice(0, 2).join("/") : floor.folder;
  const under = (folder) => targetName.startsWith(`${folder}/`) || targetName.replace(/\.tsx?$/, "") === folder;
  if ((closedTo[own] ?? []).some(under)) return false;
  return under(own) || floor.may.some(under);
}

function floorOf(name) {
  const found = floors.find(({ folder }) => (folder.endsWith("/*") ? name.startsWith(folder.slice(0, -1)) : name.startsWith(`${folder}/`)));
  if (!found) {
    problems.push(`${name}\n    stands on no floor: add its folder to scripts/check-layers.mjs and docs/architecture.md`);
    return { folder: dirname(name), may: [] };
  }
  return found;
}

function* importsOf(source) {
  for (const match of source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^"';]*?from\s*"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
  ))
    yield Object.assign(new String(match[2] ?? match[3] ?? match[4]), { typeOnly: Boolean(match[1]) });
}

function resolveImport(file, specifier) {
  const text = String(specifier);
  const base = text.startsWith("@/") ? join(root, text.slice(2)) : text.startsWith(".") ? resolve(dirname(file), text) : null;
  if (base === null) return null;
  const candidates = [base, `${base}.ts`, `${base}.tsx`, join(base, "index.ts"), join(base, "index.tsx")];
  return candidates.find((path) => existsSync(path) && statSync(path).isFile()) ?? base;
}

function circles() {
  const found = [];
  const state = new Map();
  const visit = (name, trail) => {
    if (state.get(name) === "done") return;
    if (state.get(name) === "open") {
      found.push(`circle: ${[...trail.slice(trail.indexOf(name)), name].join(" → ")}`);
      return;
    }
    state.set(name, "open");
    for (const target of graph.get(name) ?? []) visit(target, [...trail, name]);
    state.set(name, "done");
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}

function sourcesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesUnder(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
