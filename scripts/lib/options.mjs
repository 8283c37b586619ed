import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { StageError } from "./stage.mjs";

const usage = `
  --port N          port to listen on (default 7860; TUNEBOARD_PORT)
  --host ADDRESS    address to listen on (default 127.0.0.1; TUNEBOARD_HOST)
  --home FOLDER     where runs, data and the database live (default ~/.tuneboard; TUNEBOARD_HOME)
  --base-path /X    path below which everything is served, for a reverse proxy (TUNEBOARD_BASE_PATH)
`;

/** Options of start and dev: the command line wins over the environment, which wins over the default. */
export function parseOptions(argv) {
  const given = {
    port: process.env.TUNEBOARD_PORT,
    host: process.env.TUNEBOARD_HOST,
    home: process.env.TUNEBOARD_HOME,
    "base-path": process.env.TUNEBOARD_BASE_PATH,
  };
  for (let i = 0; i < argv.length; i += 1) {
    const [flag, inline] = argv[i].split(/=(.*)/s);
    if (flag === "--help" || flag === "-h") {
      console.log(`Usage: npm start -- [options]\n${usage}`);
      process.exit(0);
    }
    const name = flag.replace(/^--/, "");
    if (!flag.startsWith("--") || !(name in given)) throw new StageError(`Unknown option: ${argv[i]}`, `Options are:\n${usage}`);
    const value = inline ?? argv[++i];
    if (value === undefined) throw new StageError(`Option ${flag} needs a value.`, `Options are:\n${usage}`);
    given[name] = value;
  }
  const port = Number(given.port ?? 7860);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new StageError(`Port ${given.port} is not a port.`, "Choose a number from 1 to 65535, or 0 for a free one.");
  const basePath = (given["base-path"] ?? "").replace(/\/+$/, "");
  if (basePath !== "" && !/^(\/[A-Za-z0-9._~-]+)+$/.test(basePath))
    throw new StageError(`Base path ${given["base-path"]} is not a path.`, "Write it like /tuneboard.");
  return { port, host: given.host ?? "127.0.0.1", home: resolve(given.home ?? join(homedir(), ".tuneboard")), basePath };
}

export const environmentOf = ({ port, host, home, basePath }) => ({
  TUNEBOARD_PORT: String(port),
  TUNEBOARD_HOST: host,
  TUNEBOARD_HOME: home,
  TUNEBOARD_BASE_PATH: basePath,
});
