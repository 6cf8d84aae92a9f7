// A mail server that keeps what it gets.

import { EventEmitter, once } from 'node:events';

/** Longest wait for a mail, in milliseconds. */
const SOON = 20_000;

export class Mailbox {
  #mails = [];
  #news = new EventEmitter().setMaxListeners(0);
  #parser;
  #server;

  /** The libraries are the package's own: several packages share this file. */
  constructor({ PostalMime, SMTPServer }) {
    this.#parser = PostalMime;
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onData: (stream, session, done) => this.#take(stream, session).then(() => done(), done),
    });
  }

  /** Starts on a free port. */
  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server.server, 'listening');
    return this;
  }

  get url() {
    return `smtp://127.0.0.1:${this.#server.server.address().port}`;
  }

  /** The next mail to an address that nobody took yet. */
  async next(address) {
    const deadline = AbortSignal.timeout(SOON);
    for (;;) {
      const place = this.#mails.findIndex(({ to }) => to === address);
      if (place >= 0) return this.#mails.splice(place, 1)[0];
      await once(this.#news, 'mail', { signal: deadline });
    }
  }

  /** How many mails to an address nobody took. */
  count(address) {
    return this.#mails.filter(({ to }) => to === address).length;
  }

  stop() {
    return new Promise((done) => this.#server.close(done));
  }

  async #take(stream, { envelope }) {
    const parts = [];
    for await (const part of stream) parts.push(part);
    const { subject, text, html, from, messageId } = await this.#parser.parse(
      Buffer.concat(parts),
    );
    const link = /https?:\S+\/(?:auth\/v1\/verify|account\/[a-z0-9-]+\/link)\?\S+/.exec(text)?.[0];
    const code = /\b\d{6}\b/.exec(text.replace(link ?? '', ''))?.[0];
    const to = envelope.rcptTo[0].address;
    this.#mails.push({ to, from, subject, text, html, link, code, messageId });
    this.#news.emit('mail');
  }
}
