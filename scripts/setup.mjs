import { checkNode, setUpNodePackages } from "./lib/node-packages.mjs";
import { setUpPython } from "./lib/python.mjs";
import { main } from "./lib/stage.mjs";

export async function setUp() {
  checkNode();
  await setUpNodePackages();
  await setUpPython();
}

if (process.argv[1] === import.meta.filename)
  await main(async () => {
    const { build } = await import("./lib/build.mjs");
    console.log("Setting up Tuneboard");
    await setUp();
    await build((process.env.TUNEBOARD_BASE_PATH ?? "").replace(/\/+$/, ""));
    console.log("\nDone. Start it with: npm start");
  });
