// The two servers of a run, as clients of Supabase Auth meet them.

import { test } from 'node:test';
import { GoTrueAdminApi, GoTrueClient } from '@supabase/auth-js';
import { OAuth2Server } from 'oauth2-mock-server';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { startServer } from '../../postgrest/harness/server.js';
import { MailingPair } from './mailing.js';

/** A password that nobody guesses. */
export const PASSWORD = 'Kranich-7-Wolke-Tanne';
/** Where links lead. */
export const SITE = 'https://app.example.com';

const libraries = { pg, OAuth2Server, PostalMime, SMTPServer };
const pair = new MailingPair(libraries, async (name, mailbox, options) => {
  return new Engine(name, await startServer(options), mailbox);
});

/** The provider that both servers know. */
export const provider = () => pair.provider;

/** Starts both servers, or none. */
export const startEngines = () => pair.start();

/** Stops both servers, which must end well, and removes their data. */
export const stopEngines = () => pair.stop();

/** A test of one behaviour, at a server of each engine. */
export function both(name, body) {
  for (const engine of pair.engines) test(`${name} (${engine.name})`, () => body(engine));
}

/** What is kept of a session in a browser. */
class Storage {
  #items = new Map();
  getItem = (key) => this.#items.get(key) ?? null;
  setItem = (key, value) => void this.#items.set(key, value);
  removeItem = (key) => void this.#items.delete(key);
}

class Engine {
  #people = 0;

  constructor(name, server, mailbox) {
    Object.assign(this, { name, server, mailbox });
    this.url = `${server.url}/auth/v1`;
  }

  organization(slug = 'acme') {
    return this.server.demo.organizations.find((organization) => organization.slug === slug);
  }

  /** An address that nobody has. */
  address() {
    this.#people += 1;
    return `person${this.#people}@example.com`;
  }

  /** A browser with the organisation's public key. */
  client(options = {}) {
    return new GoTrueClient({
      url: this.url,
      headers: { apikey: this.organization().anon_key },
      autoRefreshToken: false,
      storage: new Storage(),
      ...options,
    });
  }

  /** The organisation's own server. */
  admin(slug, options = {}) {
    const key = this.organization(slug).service_key;
    const headers = { apikey: key, Authorization: `Bearer ${key}` };
    return new GoTrueAdminApi({ url: this.url, headers, ...options });
  }

  /** Sets how people come to Acme. */
  async set(auth) {
    const { id, anon_key, users } = this.organization();
    const client = this.client();
    const admin = users.find(({ role }) => role === 'admin');
    const { data } = await given(client.signInWithPassword(admin));
    const response = await fetch(`${this.server.url}/rest/v1/organizations?id=eq.${id}`, {
      method: 'PATCH',
      headers: {
        apikey: anon_key,
        authorization: `Bearer ${data.session.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ settings: { auth: { site_url: SITE, ...auth } } }),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Somebody who is signed in. */
  async person() {
    const email = this.address();
    const created = { email, password: PASSWORD, email_confirm: true };
    await given(this.admin().createUser(created));
    const client = this.client();
    const { data } = await given(client.signInWithPassword({ email, password: PASSWORD }));
    return { client, email, session: data.session, user: data.user };
  }

  /** Rows of Acme, as its own server reads them. */
  async rows(path) {
    const key = this.organization().service_key;
    const headers = { apikey: key, authorization: `Bearer ${key}` };
    const response = await fetch(`${this.server.url}/rest/v1/${path}`, { headers });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  /** Whether a token opens the data API. */
  async opens(token) {
    const headers = { apikey: this.organization().anon_key, authorization: `Bearer ${token}` };
    const response = await fetch(`${this.server.url}/rest/v1/users?select=id`, { headers });
    return response.ok;
  }
}

/** An answer that must be no refusal. */
export async function given(asked) {
  const answer = await asked;
  if (answer.error) throw answer.error;
  return answer;
}

/** Where a browser goes on from a link. */
export async function follow(link) {
  const response = await fetch(link, { redirect: 'manual' });
  if (response.status !== 303) throw new Error(`${response.status} ${await response.text()}`);
  return new URL(response.headers.get('location'));
}
