/** One message file a subject and language: `lib/i18n/<locale>/<subject>.json`; the subject is the namespace. */
export const subjects = [
  "common",
  "nav",
  "status",
  "errors",
  "login",
  "runs",
  "run",
  "launch",
  "import",
  "data",
  "dataset",
  "said",
  "versions",
  "models",
  "chat",
  "exports",
  "system",
  "settings",
] as const;
export type Subject = (typeof subjects)[number];

/** What the frame around every page says; a page names its own subjects (app/words.tsx). */
export const shellSubjects = ["common", "nav", "status", "errors"] as const satisfies readonly Subject[];
