// Chromium, and what every page that it shows must meet.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Longest wait for a page, in milliseconds; machines that run tests may be slow. */
const SOON = 20_000;
/** The narrowest page that must not scroll sideways (WCAG 2.2, 1.4.10), in CSS pixels. */
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser;
let axe;

export async function startBrowser() {
  const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  axe = await readFile(source, 'utf8');
  browser = await chromium.launch({ executablePath: PROGRAM, chromiumSandbox: false, args: FLAGS });
}

export async function stopBrowser() {
  await browser?.close();
}

/** A browser of somebody, with nothing in it. */
export async function visitor(engine, options = {}) {
  const context = await browser.newContext({ baseURL: engine.url, ...options });
  context.setDefaultTimeout(SOON);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return new Visitor(engine, context, page, complaints);
}

class Visitor {
  constructor(engine, context, page, complaints) {
    Object.assign(this, { engine, context, page, complaints });
  }

  /** Shows a page of Acme. */
  open(path = '') {
    return this.page.goto(`/account/acme${path}`);
  }

  /** Fills fields by their labels, and presses a button. */
  async send(fields, button) {
    for (const [label, text] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(text);
    }
    await this.press(button);
  }

  async press(button) {
    const shown = this.page.waitForEvent('load');
    await this.page.getByRole('button', { name: button }).first().click();
    await shown;
  }

  /** Signs in with a password. */
  async signIn({ email, password }) {
    await this.open('/sign-in');
    await this.send({ 'E-mail address': email, Password: password }, 'Sign in');
  }

  /** The name of the page. */
  heading() {
    return this.page.getByRole('heading', { level: 1 }).innerText();
  }

  /** What the page says is wrong. */
  problem() {
    return this.page.getByRole('alert').innerText();
  }

  /** What the page says was done. */
  notice() {
    return this.page.getByRole('status').innerText();
  }

  /** The path of the page. */
  path() {
    return new URL(this.page.url()).pathname;
  }

  /** The cookie of the session. */
  async session() {
    const cookies = await this.context.cookies();
    return cookies.find(({ name }) => name.endsWith('mainstay-session'));
  }

  /** Looks at the page as it is: accessible, light and dark, and fit for a narrow window. */
  async inspect() {
    for (const colorScheme of ['light', 'dark']) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.evaluate(axe);
      const found = await this.page.evaluate(
        (values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }),
        RULES,
      );
      const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
      assert.deepEqual(told, [], `${this.page.url()} (${colorScheme})`);
    }
    await this.page.setViewportSize(NARROW);
    const width = await this.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= NARROW.width, `${this.page.url()} is ${width} wide`);
    await this.page.setViewportSize(WIDE);
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.complaints, []);
  }
}
