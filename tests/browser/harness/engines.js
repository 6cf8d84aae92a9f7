// The two servers of a run, as browsers meet them.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { OAuth2Server } from 'oauth2-mock-server';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { MailingPair } from '../../clients/auth/harness/mailing.js';
import { startServer } from '../../clients/postgrest/harness/server.js';

/** A password that nobody guesses. */
export const PASSWORD = 'Kranich-7-Wolke-Tanne';
/** Where people may go on. */
export const SITE = 'https://app.example.com';

const pair = new MailingPair({ pg, OAuth2Server, PostalMime, SMTPServer }, startEngine);

/** The provider that both servers know. */
export const provider = () => pair.provider;

/** Starts both servers, or none. */
export async function startEngines() {
  await pair.start();
  try {
    for (const engine of pair.engines) await engine.set({ signup: true });
  } catch (error) {
    await pair.stop().catch(() => {});
    throw error;
  }
}

/** Stops both servers, which must end well, and removes their data. */
export const stopEngines = () => pair.stop();

/** Passkeys are of a name, so servers are called by one. */
async function startEngine(name, mailbox, options) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const server = await startServer([...options, '--public-url', url], `127.0.0.1:${port}`);
  return new Engine(name, url, server, mailbox);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A test of one behaviour, at a server of each engine. */
export function both(name, body) {
  for (const engine of pair.engines) test(`${name} (${engine.name})`, () => body(engine));
}

class Engine {
  #people = 0;

  constructor(name, url, server, mailbox) {
    Object.assign(this, { name, url, server, mailbox });
  }

  organization(name) {
    return this.server.demo.organizations.find(({ slug }) => slug === name);
  }

  /** An address that nobody has. */
  address() {
    this.#people += 1;
    return `person${this.#people}@example.com`;
  }

  /** Somebody who has an account at an organisation. */
  async person(slug = 'acme') {
    const email = this.address();
    const body = { email, password: PASSWORD, email_confirm: true };
    await this.#ask('POST', '/auth/v1/admin/users', this.#service(slug), body);
    return { email, password: PASSWORD };
  }

  /** Asks somebody to come to an organisation. */
  async invite(email, slug) {
    await this.#ask('POST', '/auth/v1/invite', this.#service(slug), { email });
  }

  /** Adds a second factor whose codes are mailed, as a program of the person's own does. */
  async mailCodes({ email, password }) {
    const headers = await this.#signIn({ email, password }, 'acme');
    const wanted = { factor_type: 'email', friendly_name: 'Mail' };
    const { id } = await this.#ask('POST', '/auth/v1/factors', headers, wanted);
    const factor = `/auth/v1/factors/${id}`;
    const { id: challenge_id } = await this.#ask('POST', `${factor}/challenge`, headers, {});
    const { code } = await this.mailbox.next(email);
    await this.#ask('POST', `${factor}/verify`, headers, { challenge_id, code });
    // The person is told of it.
    await this.mailbox.next(email);
  }

  /** Sets how people come to an organisation. */
  async set(auth, slug = 'acme') {
    const { id, users } = this.organization(slug);
    const headers = await this.#signIn(users.find(({ role }) => role === 'admin'), slug);
    const settings = { auth: { redirect_urls: [`${SITE}/**`], ...auth } };
    await this.#ask('PATCH', `/rest/v1/organizations?id=eq.${id}`, headers, { settings });
  }

  async #signIn({ email, password }, slug) {
    const { anon_key: apikey } = this.organization(slug);
    const grant = '/auth/v1/token?grant_type=password';
    const { access_token: token } = await this.#ask('POST', grant, { apikey }, { email, password });
    return { apikey, authorization: `Bearer ${token}` };
  }

  #service(slug) {
    const { service_key: apikey } = this.organization(slug);
    return { apikey, authorization: `Bearer ${apikey}` };
  }

  async #ask(method, path, headers, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  }
}
