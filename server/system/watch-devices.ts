import type { DevicesChanged } from "../../lib/contract/socket";
import type { ServerContext } from "../context";
import { readLoad } from "./load";

const PERIOD_MS = 2_000;

/** Tells the machine's state every two seconds until the returned function is called. Call it only while someone listens. */
export function watchDevices(ctx: ServerContext, emit: (change: DevicesChanged) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = async (): Promise<void> => {
    try {
      const change = await readLoad(ctx);
      if (!stopped) emit(change);
    } catch (error) {
      ctx.log.warn("devices.unreadable", { error });
    }
    // The next look begins after this one has ended: a slow nvidia-smi does not pile up.
    if (!stopped) timer = setTimeout(() => void tell(), PERIOD_MS);
  };
  void tell();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
