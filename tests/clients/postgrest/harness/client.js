// One caller of one server: postgrest-js as it is published, and bare requests beside it.

import { PostgrestClient } from '@supabase/postgrest-js';

export class Client extends PostgrestClient {
  #headers;
  #fetch;

  constructor(server, headers, fetch) {
    super(`${server}/rest/v1`, { headers, fetch });
    this.#headers = headers;
    this.#fetch = fetch;
  }

  /** A request that postgrest-js can't make. Bodies that are no text are sent as JSON. */
  async send(method, path, { headers = {}, body } = {}) {
    const isJson = body !== undefined && typeof body !== 'string';
    const response = await this.#fetch(`${this.url}/${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...(isJson && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isJson ? JSON.stringify(body) : body,
    });
    const text = await response.text();
    const header = (name) => response.headers.get(name);
    return { status: response.status, header, text, json: () => JSON.parse(text) };
  }
}

/**
 * Signs a person in with a password; gives the answer of `/auth/v1/token`. A member of several
 * organisations may choose one, by its public key or by naming it.
 */
export async function signIn(server, apikey, { email, password, organization_id }) {
  const response = await fetch(`${server}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { ...(apikey && { apikey }), 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, organization_id }),
  });
  if (!response.ok) {
    throw new Error(`${email} can't sign in: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
