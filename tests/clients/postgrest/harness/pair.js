// The two servers of a run, one on each engine.

import { createDatabase } from './database.js';

export class Pair {
  /** What was started, SQLite first; each has its `server`. */
  engines = [];
  #pg;
  #start;
  #database;

  /**
   * `start(name, options)` starts a server with these options and gives its engine. The client
   * library is the package's own: several packages share this file.
   */
  constructor(pg, start) {
    this.#pg = pg;
    this.#start = start;
  }

  /** Starts both servers, or none. */
  async start() {
    this.#database = await createDatabase(this.#pg);
    const { app, owner } = this.#database;
    const started = await Promise.allSettled([
      this.#start('SQLite', []),
      this.#start('PostgreSQL', ['--database', app, '--migrate-database', owner]),
    ]);
    this.engines = started.flatMap(({ value }) => value ?? []);
    const failed = started.find(({ status }) => status === 'rejected');
    if (!failed) return;
    await this.stop().catch(() => {});
    throw failed.reason;
  }

  /** Stops both servers, which must end well, and removes their data. */
  async stop() {
    const stopped = await Promise.allSettled(this.engines.map(({ server }) => server.stop()));
    await this.#database?.drop();
    const failed = stopped.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  }
}
