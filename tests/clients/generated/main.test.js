// Clients that generators of others make of the served OpenAPI document: they compile, and call.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from '../postgrest/harness/server.js';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const server = await startServer();
const folder = await mkdtemp(join(tmpdir(), 'mainstay-generated-'));
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a TypeScript client compiles and calls', async () => {
  const document = await fetch(`${server.url}/openapi.json`);
  await writeFile(join(folder, 'openapi.json'), await document.text());
  await symlink(here('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await copyFile(here('client.ts'), join(folder, 'client.ts'));
  const generate = here('node_modules/openapi-typescript/bin/cli.js');
  await run(process.execPath, [generate, 'openapi.json', '-o', 'api.d.ts'], { cwd: folder });
  const compile = here('node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck'];
  await run(process.execPath, [compile, ...strict, 'client.ts'], { cwd: folder });
  const key = server.demo.organizations[0].service_key;
  const client = [join(folder, 'client.js'), server.url, key];
  const { stdout } = await run(process.execPath, client);
  assert.deepEqual(JSON.parse(stdout), {
    made: 'generated',
    listed: ['generated'],
    removed: 204,
    batch: [201, 204],
    may: true,
    refused: 'PGRST127',
    changes: 'text/event-stream; charset=utf-8',
  });
});
