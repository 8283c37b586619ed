/** Ends a switch over a union: a new member is a compile error in each place that must care. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
