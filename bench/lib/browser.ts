import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import type { BuiltServer } from "../../e2e/server";

const executablePath = process.env.TUNEBOARD_CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** A browser of its own, signed in. */
export async function openBrowser(server: BuiltServer): Promise<{ browser: Browser; page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({ executablePath, args });
  const { page } = await openPage(browser, server);
  return { browser, page, close: () => browser.close() };
}

/** A signed-in page in a context of its own: nothing in the cache. */
export async function openPage(browser: Browser, server: BuiltServer): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await signIn(context, server);
  return { context, page: await context.newPage() };
}

export async function signIn(context: BrowserContext, server: BuiltServer): Promise<void> {
  const answer = await context.request.post(`${server.url}/api/session`, {
    data: { token: server.token },
    headers: { origin: server.url },
  });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}
