// The committed OpenAPI document is valid OpenAPI 3.1, and its references lead somewhere.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'

const document = new URL('../../../docs/schema/openapi.json', import.meta.url)

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(JSON.parse(await readFile(document, 'utf8')))
  assert.deepEqual(result.errors ?? [], [])
  assert.ok(result.valid)
  assert.equal(validator.version, '3.1')
})
