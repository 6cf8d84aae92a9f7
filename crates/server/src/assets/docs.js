// Draws /openapi.json. Text is always set as text, never parsed as HTML.
"use strict";

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
const byId = (id) => document.getElementById(id);

let api = null;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

// Follows "$ref" inside the document; a reference that leads nowhere stays as it is.
function resolve(value) {
  for (let depth = 0; depth < 16 && value && typeof value.$ref === "string"; depth += 1) {
    const steps = value.$ref.replace(/^#\//, "").split("/");
    const names = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const target = names.reduce((at, name) => (at ? at[name] : undefined), api);
    if (!target) break;
    value = target;
  }
  return value ?? {};
}

function typeName(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  for (const key of ["oneOf", "anyOf", "allOf"]) {
    if (schema[key]) return schema[key].map(typeName).join(key === "allOf" ? " & " : " | ");
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
  if (schema.items) return `${type} of ${typeName(schema.items)}`;
  return schema.format ? `${type} (${schema.format})` : type;
}

function remarks(schema) {
  const found = [];
  if (schema.enum) found.push(`one of ${schema.enum.map((item) => JSON.stringify(item)).join(", ")}`);
  if (schema.default !== undefined) found.push(`default ${JSON.stringify(schema.default)}`);
  for (const [key, word] of [["minimum", "at least"], ["maximum", "at most"], ["maxLength", "longest"], ["pattern", "matches"]]) {
    if (schema[key] !== undefined) found.push(`${word} ${schema[key]}`);
  }
  if (schema.readOnly) found.push("set by the server");
  if (schema.writeOnly) found.push("never shown");
  return found.join("; ");
}

function table(caption, heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = rows.map((cells) => {
    const [first, ...rest] = cells;
    const name = element("th", { scope: "row" }, element("code", {}, first));
    return element("tr", {}, name, ...rest.map((cell) => element("td", {}, cell)));
  });
  const drawn = element("table", {}, element("caption", {}, caption),
    element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { className: "scroll" }, drawn);
}

function fields(caption, schema) {
  const resolved = resolve(schema);
  const properties = Object.entries(resolved.properties ?? {});
  if (properties.length === 0) {
    return element("p", {}, `${caption}: `, element("code", {}, typeName(schema)));
  }
  const required = new Set(resolved.required ?? []);
  const rows = properties.map(([name, property]) => {
    const field = resolve(property);
    const about = [field.description, remarks(field)].filter(Boolean).join(" — ");
    return [name, typeName(property), required.has(name) ? "yes" : "", about];
  });
  return table(caption, ["Field", "Type", "Required", "Meaning"], rows);
}

function parametersTable(list) {
  const rows = list.map(resolve).map((parameter) => [
    parameter.name ?? "", parameter.in ?? "", typeName(parameter.schema),
    [parameter.description, remarks(resolve(parameter.schema))].filter(Boolean).join(" — "),
  ]);
  return table("Parameters", ["Name", "In", "Type", "Meaning"], rows);
}

function content(caption, holder) {
  const shown = Object.entries(holder.content ?? {}).slice(0, 1);
  return shown.map(([media, { schema }]) => fields(`${caption} (${media})`,
    schema && schema.items && !schema.$ref ? schema.items : schema));
}

function operationBody(path, item, operation) {
  const parts = [];
  if (operation.description) parts.push(element("p", {}, operation.description));
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  if (parameters.length > 0) parts.push(parametersTable(parameters));
  if (operation.requestBody) parts.push(...content("Body", resolve(operation.requestBody)));
  const responses = Object.entries(operation.responses ?? {});
  const rows = responses.map(([status, response]) => [status, resolve(response).description ?? ""]);
  if (rows.length > 0) parts.push(table("Answers", ["Status", "Meaning"], rows));
  for (const [status, response] of responses) {
    if (status.startsWith("2")) parts.push(...content(`Answer ${status}`, resolve(response)));
  }
  return parts;
}

function drawOperation(path, method, item) {
  const operation = item[method];
  const heading = element("summary", {},
    element("span", { className: "method" }, method.toUpperCase()), " ",
    element("code", {}, path), operation.summary ? ` — ${operation.summary}` : "");
  const drawn = element("details", {}, heading);
  // Bodies are drawn when they are opened: a document of many tables stays quick.
  drawn.addEventListener("toggle", () => {
    if (drawn.open && drawn.childElementCount === 1) {
      drawn.append(element("div", {}, ...operationBody(path, item, operation)));
    }
  });
  return drawn;
}

function matches(path, item, wanted) {
  return wanted === "" || JSON.stringify([path, item]).toLowerCase().includes(wanted);
}

// Paths by tag, in the document's order.
function groupPaths(wanted) {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    const methods = METHODS.filter((name) => item[name]);
    if (methods.length === 0 || !matches(path, item, wanted)) continue;
    const tag = item[methods[0]].tags?.[0] ?? "other";
    if (!groups.has(tag)) groups.set(tag, []);
    groups.get(tag).push([path, methods, item]);
  }
  return groups;
}

function anchor(path) {
  return `path-${path.replaceAll(/[^\w-]/g, "-")}`;
}

function drawGroup(tag, paths) {
  const about = (api.tags ?? []).find((known) => known.name === tag)?.description;
  const drawn = element("section", {}, element("h2", {}, tag), about ? element("p", {}, about) : null);
  const links = element("ul", {});
  for (const [path, methods, item] of paths) {
    const id = anchor(path);
    links.append(element("li", {}, element("a", { href: `#${id}` }, path.split("/").slice(3).join("/") || path)));
    drawn.append(element("h3", { id }, path), ...methods.map((method) => drawOperation(path, method, item)));
  }
  return [[element("h2", {}, tag), links], drawn];
}

function draw() {
  const groups = groupPaths(byId("query").value.trim().toLowerCase());
  const drawn = [...groups].map(([tag, paths]) => drawGroup(tag, paths));
  byId("menu").replaceChildren(...drawn.flatMap(([links]) => links));
  const status = byId("status");
  status.className = "quiet";
  status.textContent = `${[...groups.values()].flat().length} paths`;
  byId("content").replaceChildren(status, ...drawn.map(([, section]) => section));
}

async function load() {
  const credential = byId("credential").value.trim();
  const headers = credential ? { authorization: `Bearer ${credential}` } : {};
  const status = byId("status");
  try {
    const response = await fetch("/openapi.json", { headers });
    const body = await response.json();
    if (!response.ok) throw new Error(body.message ?? response.statusText);
    api = body;
  } catch (error) {
    status.className = "problem";
    status.textContent = `The description of the API could not be loaded: ${error.message}`;
    return;
  }
  byId("title").textContent = `${api.info?.title ?? "API"} ${api.info?.version ?? ""}`;
  byId("summary").textContent = api.info?.description ?? "";
  document.title = byId("title").textContent;
  draw();
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});
byId("query").addEventListener("input", () => {
  if (api) draw();
});
load();
