import { mountDatasetFiles } from "../dataset-files";
import { mountDocs } from "../docs";
import { mountDownloads } from "../downloads";
import { mountOpenAi } from "../openai";
import type { Mount, Route } from "../router";
import { mountUploads } from "../uploads";
import { chatRoutes } from "./chat";
import { datasetRoutes } from "./datasets";
import { exportRoutes } from "./exports";
import { modelRoutes } from "./models";
import { runRoutes } from "./runs";
import { sessionRoutes } from "./session";
import { systemRoutes } from "./system";

/** All endpoints of the table. A list per subject; each list stands in its own file beside this one. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...runRoutes,
  ...exportRoutes,
  ...chatRoutes,
  ...modelRoutes,
  ...datasetRoutes,
  ...systemRoutes,
];

/** Uploads, downloads, streams and documents. */
export const mounts: readonly Mount[] = [mountUploads(), mountDatasetFiles, mountDownloads, mountOpenAi, mountDocs];
