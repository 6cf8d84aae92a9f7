// The two servers of a run, each with a mail server of its own, and the provider that both know.

import { Pair } from '../../postgrest/harness/pair.js';
import { Mailbox } from './mailbox.js';
import { Provider } from './provider.js';

export class MailingPair {
  #libraries;
  #pair;
  #mailboxes = [];

  /**
   * `start(name, mailbox, options)` starts a server with these options and gives its engine. The
   * libraries are the package's own: several packages share this file.
   */
  constructor(libraries, start) {
    this.#libraries = libraries;
    this.#pair = new Pair(libraries.pg, async (name, options) => {
      const mailbox = await new Mailbox(libraries).start();
      this.#mailboxes.push(mailbox);
      const mail = ['--smtp', mailbox.url, '--mail-from', 'Acme <noreply@example.com>'];
      const known = await this.provider.options();
      return start(name, mailbox, [...mail, ...known, ...options]);
    });
  }

  /** What was started, SQLite first. */
  get engines() {
    return this.#pair.engines;
  }

  /** Starts both servers, or none. */
  async start() {
    this.provider = await new Provider(this.#libraries).start();
    try {
      await this.#pair.start();
    } catch (error) {
      await this.#stopOthers();
      throw error;
    }
  }

  /** Stops both servers, which must end well, and removes their data. */
  async stop() {
    try {
      await this.#pair.stop();
    } finally {
      await this.#stopOthers();
    }
  }

  async #stopOthers() {
    await Promise.all(this.#mailboxes.map((mailbox) => mailbox.stop()));
    await this.provider.stop();
  }
}
