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
  "data",
  "dataset",
  "models",
  "chat",
  "exports",
  "system",
  "settings",
] as const;
export type Subject = (typeof subjects)[number];
