// The browser of the tests here: Debian's Chromium, driven by playwright-core.
import { chromium } from '../../interop/node_modules/playwright-core/index.mjs';
import axe from '../../interop/node_modules/axe-core/axe.js';

const program = process.env.MOTION_MCP_CHROMIUM ?? '/usr/bin/chromium';
const deadline_ms = 20_000;

// Started once for a file of tests; close it in after(). Its own sandbox cannot be had as root or in a container, and the
// pages here are the project's own.
export const launch = () => chromium.launch({ executablePath: program, args: ['--no-sandbox'], timeout: deadline_ms });

// A page in a context of its own (no cookie, no cache shared with another), and what it complained of: uncaught exceptions and
// console errors. `options` are Playwright's for a context (viewport, colorScheme, reducedMotion, locale, ...).
export async function openPage(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(deadline_ms);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return { page, complaints, close: () => context.close() };
}

// "rule: element: what to do" for all that axe-core has to say about a page or a frame, whatever its Content-Security-Policy.
export async function accessibilityFaults(frame) {
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`));
}
