// Fresh databases on the PostgreSQL of the test run.

import { randomBytes } from 'node:crypto';

const VARIABLE = 'MAINSTAY_TEST_POSTGRES';
const OWNER = 'mainstay_owner';
const APP = 'mainstay_app';
/** Names the lock under which concurrent test programs make the roles, as the Rust tests do. */
const ROLES_LOCK = 6027001501;

/**
 * Creates an empty database (UTF-8, code-point collation): one URL for its owner, who migrates,
 * and one for the application's role, which owns nothing and can't bypass row-level security.
 * The client library is the package's own: several packages share this file.
 */
export async function createDatabase(pg) {
  const server = process.env[VARIABLE];
  if (!server) {
    throw new Error(
      `${VARIABLE} is not set: it names the PostgreSQL that the tests may use (the URL of a ` +
        'superuser). Run `cargo xtask test`, which starts one.',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asSuperuser(pg, server, async (admin) => {
    await admin.query(roles(pg, admin.password));
    await admin.query(
      `CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE template0
       ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
  });
  return {
    owner: databaseUrl(server, OWNER, name),
    app: databaseUrl(server, APP, name),
    drop: () =>
      asSuperuser(pg, server, (admin) =>
        admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      ),
  };
}

async function asSuperuser(pg, server, work) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Creates the two roles unless another test program did. */
function roles(pg, password) {
  const literal = password ? pg.escapeLiteral(password) : 'NULL';
  const create = (role) => `
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
      CREATE ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${literal};
    END IF;`;
  return `DO $do$ BEGIN
    PERFORM pg_advisory_xact_lock(${ROLES_LOCK});
    ${create(OWNER)}
    ${create(APP)}
  END $do$`;
}

/** The same server for another role and database. */
function databaseUrl(server, role, database) {
  const url = new URL(server);
  url.username = role;
  url.pathname = `/${database}`;
  return url.href;
}
