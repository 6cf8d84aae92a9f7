// Runs the tests of postgrest-js itself against Mainstay, on both engines:
//
//   node run.mjs --suite …/supabase-js/packages/core/postgrest-js [--engine SQLite] [--only file]
//
// The suite is fetched by whoever runs this and stays where it is: what is run is a copy in a
// temporary folder. Its tests expect a server on port 54321 that needs no key and has the tables of
// its database; `entities` declares them, and a proxy adds the key of Acme's own server.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createDatabase } from '../harness/database.js';
import { startServer } from '../harness/server.js';

/** Where the tests expect the server. */
const PORT = 54321;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: {
    suite: { type: 'string' },
    engine: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});

/** The files whose tests talk to a server, with what they are about. */
const FEATURES = {
  'advanced_rpc.test.ts': 'functions: rows, rows as arguments, overloads',
  'basic.test.ts': 'reading, writing, counts, errors',
  'embeded_functions_join.test.ts': 'embedded functions, computed fields',
  'filters.test.ts': 'filters',
  'max-affected.test.ts': 'limits of what a request changes',
  'relationships-aggregate-operations.test.ts': 'aggregates over embedded rows',
  'relationships-error-handling.test.ts': 'relationships that can not be told apart',
  'relationships-join-operations.test.ts': 'joins of embedded rows',
  'relationships-spread-operations.test.ts': 'spread rows',
  'relationships.test.ts': 'relationships',
  'resource-embedding.test.ts': 'filters and order of embedded rows',
  'rpc.test.ts': 'functions',
  'transforms.test.ts': 'order, pages, media types, plans',
};

/** What is left out: file, test, engine (`both` or one) and the reason, one a line. */
async function leftOut() {
  const text = await readFile(here('left-out.tsv'), 'utf8');
  const rows = text.trimEnd().split('\n').slice(1);
  return rows.map((row) => {
    const [file, test, engine, reason] = row.split('\t');
    return { file, test, engine, reason };
  });
}

async function prepare(suite) {
  const folder = await mkdtemp(join(tmpdir(), 'postgrest-js-'));
  for (const part of ['src', 'test']) {
    await cp(join(suite, part), join(folder, part), { recursive: true });
  }
  await symlink(here('node_modules'), join(folder, 'node_modules'));
  await cp(here('rows.cjs'), join(folder, 'rows.cjs'));
  const transform = {
    '\\.ts$': [
      'ts-jest',
      {
        // Types are for the compiler of the suite's own repository.
        diagnostics: false,
        tsconfig: { target: 'es2022', module: 'commonjs', esModuleInterop: true, isolatedModules: true },
      },
    ],
  };
  const config = {
    testEnvironment: 'node',
    testMatch: Object.keys(FEATURES)
      .filter((file) => !options.only || file === options.only)
      .map((file) => `<rootDir>/test/${file}`),
    testSequencer: '<rootDir>/test/testSequencer.js',
    setupFilesAfterEnv: ['<rootDir>/rows.cjs'],
    testTimeout: 30_000,
    transform,
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'postgrest-js-tests' }));
  await writeFile(join(folder, 'jest.config.json'), JSON.stringify(config));
  return folder;
}

/**
 * A request that takes some rows and names no order gets those that lie first in PostgreSQL's table.
 * Here it says what the tests expect: people from the last name on, of whom the first was also the
 * first that was inserted.
 */
function ordered(path) {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const takesSome = searchParams.has('limit') && !searchParams.has('order');
  return takesSome && pathname.endsWith('/users') ? `${path}&order=username.desc` : path;
}

/** Passes requests on, with a key. */
async function startProxy(server) {
  const key = server.demo.organizations.find(({ slug }) => slug === 'acme').service_key;
  const target = new URL(server.url);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host: target.host, apikey: key };
    headers.authorization = `Bearer ${key}`;
    const profile = ['GET', 'HEAD'].includes(incoming.method) ? 'accept-profile' : 'content-profile';
    headers[profile] ??= 'public';
    const { method } = incoming;
    const path = ordered(incoming.url);
    const { hostname, port } = target;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    passed.on('error', (error) => outgoing.destroy(error));
    incoming.pipe(passed);
  });
  proxy.listen(PORT, 'localhost');
  await once(proxy, 'listening');
  return proxy;
}

async function jest(folder, engine) {
  const outcome = join(folder, `${engine}.json`);
  const args = ['jest', '--config', 'jest.config.json', '--rootDir', folder, '--runInBand', '--ci'];
  const child = spawn(
    process.execPath,
    [here('node_modules/jest/bin/jest.js'), ...args.slice(1), '--json', '--outputFile', outcome],
    { cwd: folder, stdio: ['ignore', 'ignore', options.verbose ? 'inherit' : 'ignore'] },
  );
  await once(child, 'exit');
  const { testResults } = JSON.parse(await readFile(outcome, 'utf8'));
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = basename(name);
    if (assertionResults.length === 0) return [{ file, test: '*', status: 'failed', why: message }];
    return assertionResults.map(({ fullName: test, status, failureMessages }) => ({
      file,
      test,
      status,
      why: failureMessages.join('\n'),
    }));
  });
}

async function run(folder, engine, starting) {
  const server = await startServer(['--entities', here('entities'), ...starting]);
  const proxy = await startProxy(server);
  try {
    return await jest(folder, engine);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await server.stop();
  }
}

/** Says what passed, by feature; whether all did that remain. */
function report(engine, results, left) {
  const isLeft = ({ file, test }) =>
    left.some((row) => row.file === file && row.test === test && ['both', engine].includes(row.engine));
  const rows = Object.entries(FEATURES).map(([file, feature]) => {
    const own = results.filter((result) => result.file === file && result.status !== 'pending');
    const remain = own.filter((result) => !isLeft(result));
    const passed = remain.filter(({ status }) => status === 'passed').length;
    const failed = remain.length - passed;
    return { feature, tests: own.length, passed, failed, 'left out': own.length - remain.length };
  });
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const total = { feature: 'all' };
  for (const name of ['tests', 'passed', 'failed', 'left out']) total[name] = sum(name);
  console.log(`\n${engine}`);
  console.table([...rows, total].filter(({ tests }) => tests > 0));
  for (const result of results) {
    if (result.status === 'failed' && !isLeft(result)) {
      console.log(`failed\t${result.file}\t${result.test}`);
      if (options.verbose) console.log(result.why);
    }
    if (result.status === 'passed' && isLeft(result)) {
      console.log(`passes now\t${result.file}\t${result.test}`);
    }
  }
  return total.failed === 0;
}

if (!options.suite) throw new Error('--suite names the folder packages/core/postgrest-js');
const left = await leftOut();
const folder = await prepare(resolve(options.suite));
let isGood = true;
try {
  if (options.engine !== 'PostgreSQL') {
    isGood = report('SQLite', await run(folder, 'SQLite', []), left) && isGood;
  }
  if (options.engine !== 'SQLite') {
    const database = await createDatabase(pg);
    try {
      const urls = ['--database', database.app, '--migrate-database', database.owner];
      isGood = report('PostgreSQL', await run(folder, 'PostgreSQL', urls), left) && isGood;
    } finally {
      await database.drop();
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isGood ? 0 : 1;
