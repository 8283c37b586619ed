import type { Mount, Route } from "../router";
import { runRoutes } from "./runs";
import { sessionRoutes } from "./session";

/** All endpoints of the table. A list per subject; each list stands in its own file beside this one. */
export const routes: readonly Route[] = [...sessionRoutes, ...runRoutes];

/** Uploads, downloads, streams and documents. */
export const mounts: readonly Mount[] = [];
