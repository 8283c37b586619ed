import { checkNode, setUpNodePackages } from "./lib/node-packages.mjs";
import { setUpPython } from "./lib/python.mjs";
import { main } from "./lib/stage.mjs";

/** Node packages and what needs only them (`then`), beside Python's, which wait for the network most of the time. */
export async function setUp(then) {
  checkNode();
  await together([setUpNodePackages().then(then), setUpPython()]);
}

/** All of them to their end, so that what was fetched is kept, then the first fault. */
async function together(works) {
  for (const { status, reason } of await Promise.allSettled(works)) if (status === "rejected") throw reason;
}

if (process.argv[1] === import.meta.filename)
  await main(async () => {
    const { build } = await import("./lib/build.mjs");
    console.log("Setting up Tuneboard");
    await setUp(() => build((process.env.TUNEBOARD_BASE_PATH ?? "").replace(/\/+$/, "")));
    console.log("\nDone. Start it with: npm start");
  });
