/** Beside the page's own program: the server reads the address with it. */
export const datasetTabs = ["rows", "tokens", "lengths", "health", "overlap", "mapping", "versions", "facts"] as const;
export type DatasetTab = (typeof datasetTabs)[number];
