import type { Mount, Route } from "../router";
import { sessionRoutes } from "./session";

/** All endpoints of the table. A list per subject; each list stands in its own file beside this one. */
export const routes: readonly Route[] = [...sessionRoutes];

/** Uploads, downloads, streams and documents. */
export const mounts: readonly Mount[] = [];
