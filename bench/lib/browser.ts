import { type BrowserContext, chromium, type Page } from "@playwright/test";
import type { BuiltServer } from "../../e2e/server";

const executablePath = process.env.TUNEBOARD_CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** A fresh browser with an empty cache, signed in. */
export async function openBrowser(server: BuiltServer): Promise<{ context: BrowserContext; page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await signIn(context, server);
  const page = await context.newPage();
  return { context, page, close: () => browser.close() };
}

export async function signIn(context: BrowserContext, server: BuiltServer): Promise<void> {
  const answer = await context.request.post(`${server.url}/api/session`, {
    data: { token: server.token },
    headers: { origin: server.url },
  });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}
