// A browser as far as sign-in needs one: it follows links one by one and keeps cookies.

export class Browser {
  #cookies = new Map();

  /** Opens an address; gives the answer, and keeps the cookies that it sets. */
  async open(address, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...options.headers, ...(cookie && { cookie }) };
    const response = await fetch(address, { ...options, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      this.#cookies.set(name, value);
    }
    return response;
  }

  /** Follows where an address leads, while that is on this machine; gives where it ends. */
  async follow(address) {
    let next = new URL(address);
    while (['127.0.0.1', 'localhost'].includes(next.hostname)) {
      const response = await this.open(next);
      const location = response.headers.get('location');
      if (!location) return { page: await response.text(), at: next };
      next = new URL(location, next);
    }
    return { at: next };
  }
}

/** What stands in the fragment of an address. */
export function fragment(address) {
  return Object.fromEntries(new URLSearchParams(address.hash.slice(1)));
}
