// Rows whose order a request does not name are compared as a set: SQL promises none, PostgreSQL
// gives them as they lie in its table, and Mainstay by their key. All else is compared as it is.

const { getSerializers, toMatchInlineSnapshot } = require('jest-snapshot');
const { format } = require('pretty-format');

/** The parameters of the latest request. */
let asked = new URLSearchParams();

const send = globalThis.fetch;
globalThis.fetch = (resource, ...rest) => {
  asked = new URL(String(resource.url ?? resource)).searchParams;
  return send(resource, ...rest);
};

expect.extend({
  toMatchInlineSnapshot(received, ...given) {
    const [expected] = given;
    if (typeof expected !== 'string' || !expected.includes('\n')) {
      return toMatchInlineSnapshot.call(this, received, ...given);
    }
    const plugins = getSerializers();
    const options = { escapeRegex: true, escapeString: false, printBasicPrototype: false };
    const printed = format(received, { ...options, plugins, printFunctionName: false });
    const is = normal(printed);
    const ought = normal(expected);
    return {
      pass: is === ought,
      message: () => this.utils.printDiffOrStringify(ought, is, 'expected', 'received', true),
    };
  },
});

/** A printed value with the rows sorted whose order nobody asked for. */
function normal(printed) {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const indents = lines.map((line) => line.search(/\S/));
  const names = [...asked.keys()];
  const isOrdered = (depth) =>
    depth === 0 ? asked.has('order') : names.some((name) => name.endsWith('.order'));
  return print(tree(lines, indents, 0, lines.length), 0, isOrdered).join('\n');
}

/** Lines as nodes: each holds those that are indented below it. */
function tree(lines, indents, from, to) {
  const nodes = [];
  for (let at = from; at < to; ) {
    let end = at + 1;
    while (end < to && indents[end] > indents[at]) end += 1;
    nodes.push({ text: lines[at].trim(), inner: tree(lines, indents, at + 1, end) });
    at = end;
  }
  return nodes;
}

/** `depth` counts the lists around a node. */
function print(nodes, depth, isOrdered) {
  return nodes.flatMap(({ text, inner }) => {
    const isList = /(^|: )\[$/.test(text);
    // A row is printed on several lines, of which the last closes it.
    const isRows = isList && inner.length > 0 && inner[0].text === '{';
    if (!isRows) return [text, ...print(inner, depth, isOrdered)];
    const rows = [];
    for (let at = 0; at < inner.length; at += 2) {
      rows.push(print(inner.slice(at, at + 2), depth + 1, isOrdered).join('\n'));
    }
    return [text, ...(isOrdered(depth) ? rows : rows.sort())];
  });
}
