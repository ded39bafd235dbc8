import type { Page } from 'playwright-core';

/** What the browser complained of, and whom it asked for what. */
export interface Visit {
  complaints: string[];
  requests: URL[];
}

/** Opens a page and notes complaints and requests, from the first one on. */
export async function visit(page: Page, url: string): Promise<Visit> {
  const complaints: string[] = [];
  const requests: URL[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(new URL(request.url())));
  await page.goto(url);
  return { complaints, requests };
}

/** Hosts that were asked; what lies in the page itself (`data:`) asks nobody. */
export function hostsOf({ requests }: Visit): string[] {
  return [...new Set(requests.map(({ host }) => host))].filter((host) => host !== '');
}
