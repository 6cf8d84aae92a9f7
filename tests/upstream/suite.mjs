// Runs the tests of a client library itself against Mainstay, on both engines. The suite is fetched
// by whoever runs this and stays where it is: what is run is a copy in a temporary folder. Its tests
// expect a server on one port; a proxy there changes what they send into what Mainstay is asked.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createDatabase } from '../clients/postgrest/harness/database.js';
import { startServer } from '../clients/postgrest/harness/server.js';

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

/**
 * Runs what a suite describes; the process ends with an error when a test fails that is not left
 * out.
 *
 * - `features`: the files whose tests talk to a server, with what they are about
 * - `leftOut`: the URL of the list of what is left out: file, test, engine (`both` or one) and the
 *   reason, one a line
 * - `parts`: what of the suite is copied
 * - `jest`: what its configuration says beside; `beside`: the URLs of files that it names
 * - `prepared(folder)`: what is done in the copy before it runs
 * - `serve`: options of the server; `ready(server)`: what is done before the first test
 * - `change(server, { method, path, headers })`: gives path and headers of a request passed on
 */
export async function runSuite(suite) {
  if (!options.suite) throw new Error('--suite names the folder of the package whose tests run');
  const left = await leftOut(suite);
  const folder = await prepare(suite, resolve(options.suite));
  const engine = async (name, starting) => {
    if (options.engine && options.engine !== name) return true;
    return report(suite, name, await run(suite, folder, name, await starting()), left);
  };
  let database;
  try {
    const embedded = await engine('SQLite', async () => []);
    const server = await engine('PostgreSQL', async () => {
      database = await createDatabase(pg);
      return ['--database', database.app, '--migrate-database', database.owner];
    });
    process.exitCode = embedded && server ? 0 : 1;
  } finally {
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function leftOut(suite) {
  const text = await readFile(suite.leftOut, 'utf8');
  const rows = text.trimEnd().split('\n').slice(1);
  return rows.map((row) => {
    const [file, test, engine, reason] = row.split('\t');
    return { file, test, engine, reason };
  });
}

async function prepare(suite, source) {
  const folder = await mkdtemp(join(tmpdir(), 'upstream-'));
  for (const part of suite.parts) {
    await cp(join(source, part), join(folder, part), { recursive: true });
  }
  await symlink(here('node_modules'), join(folder, 'node_modules'));
  for (const file of suite.beside ?? []) {
    await cp(file, join(folder, basename(fileURLToPath(file))));
  }
  const transform = {
    '\\.ts$': [
      'ts-jest',
      {
        // Types are for the compiler of the suite's own repository.
        diagnostics: false,
        tsconfig: {
          target: 'es2022',
          module: 'commonjs',
          esModuleInterop: true,
          isolatedModules: true,
        },
      },
    ],
  };
  const config = {
    testEnvironment: 'node',
    testMatch: Object.keys(suite.features)
      .filter((file) => !options.only || file === options.only)
      .map((file) => `<rootDir>/test/${file}`),
    testTimeout: 30_000,
    transform,
    ...suite.jest,
  };
  await suite.prepared?.(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'upstream-tests' }));
  await writeFile(join(folder, 'jest.config.json'), JSON.stringify(config));
  return folder;
}

async function run(suite, folder, engine, starting) {
  const server = await startServer([...suite.serve, ...starting]);
  const proxy = await startProxy(suite, server);
  try {
    await suite.ready?.(server);
    return await jest(folder, engine);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await server.stop();
  }
}

/** Passes requests on, changed. */
async function startProxy(suite, server) {
  const target = new URL(server.url);
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: asked } = incoming;
    const sent = { ...incoming.headers, host: target.host };
    const { path, headers } = suite.change(server, { method, path: asked, headers: sent });
    const { hostname, port } = target;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    passed.on('error', (error) => outgoing.destroy(error));
    incoming.pipe(passed);
  });
  proxy.listen(PORT, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

async function jest(folder, engine) {
  const outcome = join(folder, `${engine}.json`);
  const program = here('node_modules/jest/bin/jest.js');
  const fixed = ['--config', 'jest.config.json', '--rootDir', folder, '--runInBand', '--ci'];
  const child = spawn(
    process.execPath,
    [program, ...fixed, '--forceExit', '--json', '--outputFile', outcome],
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

/** Says what passed, by feature; whether all did that remain. */
function report(suite, engine, results, left) {
  const isLeft = ({ file, test }) =>
    left.some(
      (row) => row.file === file && row.test === test && ['both', engine].includes(row.engine),
    );
  const rows = Object.entries(suite.features).map(([file, feature]) => {
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
  return total.tests > 0 && total.failed === 0;
}
