// What tests demand of an answer.

import assert from 'node:assert/strict';

/** The data of an answer that must be a success. */
export function data(answer, status = 200) {
  assert.equal(answer.error, null, `refused: ${JSON.stringify(answer.error)}`);
  assert.equal(answer.status, status);
  return answer.data;
}

/** One column of every row of an answer. */
export function column(answer, name = 'name') {
  assert.ok(answer.status === 200 || answer.status === 206, `status ${answer.status}`);
  return data(answer, answer.status).map((row) => row[name]);
}

/** The error of an answer that must be a refusal, with all four members of PostgREST's shape. */
export function refusal(answer, status, code) {
  const error = 'error' in answer ? answer.error : answer.json();
  assert.equal(
    error?.code,
    code,
    `expected ${code}, got ${answer.status} ${JSON.stringify(error)}`,
  );
  assert.equal(answer.status, status);
  assert.equal(typeof error.message, 'string');
  assert.ok(error.details !== undefined && error.hint !== undefined, 'details and hint are there');
  return error;
}
