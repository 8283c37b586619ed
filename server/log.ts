import { openSync, writeSync } from "node:fs";
import { pino } from "pino";

type Fields = Record<string, unknown>;
/** `log.info("task.adopted", { runId, pid })`: a dotted name and fields, never sentences with holes. */
export type Log = Record<"debug" | "info" | "warn" | "error", (event: string, fields?: Fields) => void>;

/** All lines go to `server.log`; warnings and errors to the terminal too. */
export function createLog(path: string | null): Log {
  const redact = { paths: ["token", "*.token", "secret", "*.secret", "authorization", "cookie"], censor: "[hidden]" };
  const streams = [
    ...(path === null ? [] : [{ level: "debug" as const, stream: appendTo(path) }]),
    { level: "warn" as const, stream: { write: (line: string) => void process.stderr.write(line) } },
  ];
  const logger = pino({ level: "debug", base: null, redact, serializers: { error: pino.stdSerializers.err } }, pino.multistream(streams));
  const at =
    (level: keyof Log) =>
    (event: string, fields: Fields = {}) =>
      logger[level]({ event, ...fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A full disk loses a line of the log, never the server; the next line is tried again. */
function appendTo(path: string): { write(line: string): void } {
  const file = openSync(path, "a", 0o600);
  return {
    write(line) {
      try {
        writeSync(file, line);
      } catch (error) {
        process.stderr.write(`${path}: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    },
  };
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
