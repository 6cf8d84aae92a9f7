// What was asked and answered in a test, comparable between servers.

import assert from 'node:assert/strict';

/** Headers that are part of an answer's meaning. */
const HEADERS = [
  'allow',
  'content-profile',
  'content-range',
  'content-type',
  'location',
  'preference-applied',
  'www-authenticate',
];

const GENERATED = new RegExp(
  [
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, // identifier
    /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?\+00(?::00)?/, // instant
    /ms_[\w-]{20,}/, // API key, or its beginning
    /(?<=cursor=)[\w-]{20,}/, // cursor, which a server signs
    /\\{2}x[0-9a-f]{64}/, // hash of an event: identifiers and instants are in it
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'gi',
);

const DAY = 24 * 60 * 60 * 1000;
const STARTED = Date.now();

/** The exchanges of one test with one server. */
export class Transcript {
  #exchanges = [];

  /** Sends a request as `fetch` does, and notes it with its answer. */
  async fetch(url, init = {}) {
    const response = await fetch(url, init);
    const body = await response.clone().text();
    const { pathname, search } = new URL(url);
    const headers = HEADERS.filter((name) => response.headers.has(name));
    this.#exchanges.push(
      [
        `> ${init.method ?? 'GET'} ${readable(pathname + search)}`,
        `< ${response.status}`,
        ...headers.map((name) => `< ${name}: ${response.headers.get(name)}`),
        body,
      ].join('\n'),
    );
    return response;
  }

  /** The last exchange, as it was. */
  get last() {
    return this.#exchanges.at(-1) ?? '';
  }

  /** All exchanges, with what the server generated replaced by its place among the generated. */
  get comparable() {
    const places = new Map();
    const place = (value) => {
      if (!isGenerated(value)) return value;
      if (!places.has(value)) places.set(value, `<generated ${places.size + 1}>`);
      return places.get(value);
    };
    return this.#exchanges.map((exchange) => exchange.replace(GENERATED, place));
  }
}

/** A path without percent signs, unless what they encode is no text. */
function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Instants that a test chose itself are compared as they are. */
function isGenerated(value) {
  const instant = Date.parse(value.replace(' ', 'T').replace(/\+00$/, 'Z'));
  if (Number.isNaN(instant)) return true;
  return instant > STARTED - DAY && instant < STARTED + 60 * DAY;
}

/** Demands that two servers answered alike, byte by byte. */
export function assertSameAnswers([first, second], names) {
  const [left, right] = [first.comparable, second.comparable];
  const differs = left.findIndex((exchange, index) => exchange !== right[index]);
  if (differs >= 0) {
    assert.equal(right[differs], left[differs], `${names[1]} and ${names[0]} differ`);
  }
  assert.equal(right.length, left.length, 'one server was asked more often');
}
