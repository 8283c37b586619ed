/** Time as the server sees it; tests pass their own. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };
