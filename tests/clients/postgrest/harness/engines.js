// The two servers of a run: one on each engine, with people signed in and records to read.

import pg from 'pg';
import { Client, signIn } from './client.js';
import { plantGrove } from './grove.js';
import { Pair } from './pair.js';
import { startServer } from './server.js';
import { Transcript } from './transcript.js';

/** Who is signed in from the beginning, as organisation and role. */
const PEOPLE = [
  ['acme', 'admin'],
  ['acme', 'analyst'],
  ['acme', 'developer'],
  ['acme', 'member'],
  ['acme', 'viewer'],
  ['globex', 'admin'],
];

const pair = new Pair(pg, startEngine);

/** Starts both servers, or none. */
export const startEngines = () => pair.start();

/** Stops both servers, which must end well, and removes their data. */
export const stopEngines = () => pair.stop();

/** A visit to each server. */
export function visits() {
  return pair.engines.map((engine) => new Visit(engine));
}

async function startEngine(name, options) {
  const server = await startServer(options);
  const engine = { name, server, people: new Map() };
  try {
    for (const [slug, role] of PEOPLE) await meet(engine, slug, role);
    engine.grove = await plantGrove(new Visit(engine));
    return engine;
  } catch (error) {
    await server.stop().catch(() => {});
    throw error;
  }
}

async function meet(engine, slug, role) {
  const organization = organizationOf(engine, slug);
  const person = organization.users.find((user) => user.role === role);
  if (!person) throw new Error(`demo.json has no ${role} of ${slug}`);
  const session = await signIn(engine.server.url, organization.anon_key, person);
  engine.people.set(`${slug} ${role}`, session);
}

function organizationOf(engine, slug) {
  const { organizations } = engine.server.demo;
  const found = organizations.find((organization) => organization.slug === slug);
  if (!found) throw new Error(`demo.json has no organization ${slug}`);
  return found;
}

/** What one test does at one server. */
export class Visit {
  #engine;

  constructor(engine) {
    this.#engine = engine;
    this.transcript = new Transcript();
  }

  get engine() {
    return this.#engine.name;
  }

  /** The identifiers of the records that tests read. */
  get grove() {
    return this.#engine.grove;
  }

  /** An organisation as `demo.json` tells of it. */
  organization(slug) {
    return organizationOf(this.#engine, slug);
  }

  /** A person who is signed in, as sign-in answered. */
  session(slug, role) {
    return this.#engine.people.get(`${slug} ${role}`);
  }

  /** A caller with these headers. */
  caller(headers) {
    return new Client(this.#engine.server.url, headers, (...args) =>
      this.transcript.fetch(...args),
    );
  }

  /** A person who is signed in, with the organisation's public key. */
  person(slug, role) {
    const { anon_key: apikey } = this.organization(slug);
    const { access_token: token } = this.session(slug, role);
    return this.caller({ apikey, authorization: `Bearer ${token}` });
  }

  /** Signs a user of `demo.json` in, with the public key of an organisation or without one. */
  signIn(organization, user) {
    return signIn(this.#engine.server.url, organization?.anon_key, user);
  }

  /** An organisation's server. */
  service(slug) {
    const { service_key: key } = this.organization(slug);
    return this.caller({ apikey: key, authorization: `Bearer ${key}` });
  }

  /** Somebody who has not said who they are. */
  get anonymous() {
    return this.caller({});
  }

  /** Acme's administrator. */
  get admin() {
    return this.person('acme', 'admin');
  }

  /** Somebody at Acme who may look, but change nothing. */
  get viewer() {
    return this.person('acme', 'viewer');
  }

  /** The administrator of the other organisation. */
  get stranger() {
    return this.person('globex', 'admin');
  }
}
