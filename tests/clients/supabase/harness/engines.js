// The two servers of a run, one on each engine, as whole clients meet them.

import { test } from 'node:test';
import { createClient } from '@supabase/supabase-js';
import pg from 'pg';
import { Pair } from '../../postgrest/harness/pair.js';
import { startServer } from '../../postgrest/harness/server.js';

const pair = new Pair(pg, async (name, options) => new Engine(name, await startServer(options)));

/** Starts both servers, or none. */
export const startEngines = () => pair.start();

/** Stops both servers, which must end well, and removes their data. */
export const stopEngines = () => pair.stop();

/** A test of one behaviour, at a server of each engine. */
export function both(name, body) {
  for (const engine of pair.engines) test(`${name} (${engine.name})`, () => body(engine));
}

/** Stands in for sockets, which Node has from version 22 on and nothing here opens. */
class NoSocket {}

class Engine {
  constructor(name, server) {
    Object.assign(this, { name, server });
  }

  organization(slug) {
    return this.server.demo.organizations.find((organization) => organization.slug === slug);
  }

  /** A program with a key of an organisation. */
  client(key) {
    return createClient(this.server.url, key, {
      auth: { autoRefreshToken: false, persistSession: false },
      db: { schema: 'mainstay' },
      realtime: { transport: NoSocket },
    });
  }

  /** Somebody's browser, signed in. */
  async person(slug, role) {
    const { anon_key: key, users } = this.organization(slug);
    const client = this.client(key);
    const { email, password } = users.find((user) => user.role === role);
    const { error } = await client.auth.signInWithPassword({ email, password });
    if (error) throw error;
    return client;
  }
}
