// An issuer of OpenID Connect, and the configuration by which servers know it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the provider is called. */
export const PROVIDER = 'okta';
const CLIENT = 'mainstay';

export class Provider {
  #server;
  #folder;
  #person = {};

  /** The library is the package's own: several packages share this file. */
  constructor({ OAuth2Server }) {
    this.#server = new OAuth2Server();
  }

  /** Starts on a free port, with a key of its own. */
  async start() {
    await this.#server.issuer.keys.generate('RS256');
    await this.#server.start(0, 'localhost');
    this.#server.service.on('beforeTokenSigning', ({ payload }) => {
      Object.assign(payload, this.#person);
    });
    this.#folder = await mkdtemp(join(tmpdir(), 'mainstay-provider-'));
    return this;
  }

  /** What a server's command line says of it. */
  async options() {
    const file = join(this.#folder, 'mainstay.toml');
    const lines = [
      'outbound_networks = ["127.0.0.0/8", "::1"]',
      `[providers.${PROVIDER}]`,
      `issuer = "${this.#server.issuer.url}"`,
      `client_id = "${CLIENT}"`,
      'client_secret = "hidden"',
    ];
    await writeFile(file, lines.join('\n'));
    return ['--config', file];
  }

  /** Says this of whoever comes next. */
  expect(person) {
    this.#person = person;
  }

  /** An ID token that a client got by itself. */
  token(claims, { audience = CLIENT, expiresIn = 300 } = {}) {
    const scopesOrTransform = (header, payload) => {
      Object.assign(payload, { aud: audience, ...claims });
    };
    return this.#server.issuer.buildToken({ scopesOrTransform, expiresIn });
  }

  async stop() {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
