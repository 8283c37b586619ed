/** `{"runs":[…]}` from pages of rows that are JSON already: nothing is parsed, and nothing long is in memory. */
export async function* listAsText(pages: AsyncGenerator<string[]>): AsyncGenerator<string> {
  let opening = '{"runs":[';
  for await (const page of pages) {
    yield opening + page.join(",");
    opening = ",";
  }
  yield opening === "," ? "]}" : `${opening}]}`;
}
