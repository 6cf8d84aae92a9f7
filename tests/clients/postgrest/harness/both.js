// Tests that run against both engines and compare them.

import { test } from 'node:test';
import { visits } from './engines.js';
import { assertSameAnswers } from './transcript.js';

/**
 * A test of one behaviour: `body` runs against a server of each engine, and every request in it
 * must have the same answer on both.
 */
export function both(name, body) {
  test(name, async () => {
    const all = visits();
    const outcomes = await Promise.allSettled(all.map((visit) => body(visit)));
    const failed = all.filter((_, index) => outcomes[index].status === 'rejected');
    if (failed.length > 0) {
      const where = failed.map((visit) => visit.engine).join(' and ');
      const { reason } = outcomes[all.indexOf(failed[0])];
      const exchange = failed[0].transcript.last;
      throw new Error(`${where}: ${reason.message}\n${exchange}`, { cause: reason });
    }
    assertSameAnswers(
      all.map((visit) => visit.transcript),
      all.map((visit) => visit.engine),
    );
  });
}

/** A group of tests. */
export { describe } from 'node:test';
