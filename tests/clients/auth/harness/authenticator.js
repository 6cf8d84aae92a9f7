// An authenticator in software: one credential, as a browser and its authenticator answer.

import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

export class Authenticator {
  #id = randomBytes(32);
  #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #origin;
  #handle;
  #count = 0;

  constructor(origin) {
    this.#origin = origin;
  }

  /** Answers `navigator.credentials.create`, in JSON. */
  create(options) {
    this.#handle = options.user.id;
    const length = Buffer.from([0, this.#id.length]);
    const attested = [Buffer.alloc(16), length, this.#id, this.#coseKey()];
    const data = Buffer.concat([this.#data(ATTESTED), ...attested]);
    const head = Buffer.from('\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58', 'latin1');
    const attestation = Buffer.concat([head, Buffer.from([data.length]), data]);
    return this.#credential({
      attestationObject: attestation.toString('base64url'),
      clientDataJSON: this.#client('webauthn.create', options).toString('base64url'),
      transports: ['usb'],
    });
  }

  /** Answers `navigator.credentials.get`, in JSON. */
  get(options) {
    this.#count += 1;
    const data = this.#data(0);
    const client = this.#client('webauthn.get', options);
    const signed = Buffer.concat([data, sha256(client)]);
    return this.#credential({
      authenticatorData: data.toString('base64url'),
      clientDataJSON: client.toString('base64url'),
      signature: createSign('SHA256').update(signed).sign(this.#key.privateKey, 'base64url'),
      userHandle: this.#handle,
    });
  }

  #credential(response) {
    const id = this.#id.toString('base64url');
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }

  #data(flags) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.#count);
    const site = sha256(new URL(this.#origin).hostname);
    return Buffer.concat([site, Buffer.from([flags | USER_PRESENT | USER_VERIFIED]), count]);
  }

  #coseKey() {
    const { x, y } = this.#key.publicKey.export({ format: 'jwk' });
    const head = Buffer.from('a5010203262001215820', 'hex');
    const between = Buffer.from('225820', 'hex');
    return Buffer.concat([head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')]);
  }

  #client(type, { challenge }) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin }));
  }
}
