import { build } from "./lib/build.mjs";
import { main } from "./lib/stage.mjs";

await main(() => build((process.env.TUNEBOARD_BASE_PATH ?? "").replace(/\/+$/, "")));
