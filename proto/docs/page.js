// Shows the server's own documents. Everything is made with text nodes: nothing in a document becomes markup.

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

function table(head, rows) {
  return element('table', element('thead', element('tr', ...head.map((text) => element('th', text)))),
    element('tbody', ...rows.map((cells) => element('tr', ...cells.map((cell) => element('td', cell))))));
}

function resolve(value, root) {
  while (value && value.$ref) {
    value = value.$ref.slice(2).split('/').reduce((at, step) => at[step.replaceAll('~1', '/').replaceAll('~0', '~')], root);
  }
  return value;
}

// A schema as text: members with their types, references by name once they have been shown.
function describe(schema, root, depth = 0, seen = []) {
  const name = schema?.$ref?.split('/').pop();
  if (name && seen.includes(name)) return name;
  const within = name ? [...seen, name] : seen;
  const at = resolve(schema, root);
  if (!at) return 'nothing';
  const pad = '  '.repeat(depth + 1);
  const choices = at.oneOf ?? at.anyOf ?? at.allOf;
  if (choices) return choices.map((each) => describe(each, root, depth, within)).join(at.allOf ? ' & ' : ' | ');
  if (at.enum) return at.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (at.properties) {
    const lines = Object.entries(at.properties).map(([key, value]) => {
      const optional = at.required?.includes(key) ? '' : '?';
      const said = resolve(value, root)?.description;
      return `${pad}${key}${optional}: ${describe(value, root, depth + 1, within)}${said ? `  // ${said}` : ''}`;
    });
    return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
  }
  if (at.items) return `[${describe(at.items, root, depth, within)}]`;
  return [at.type ?? 'anything', at.format].flat().filter(Boolean).join(' ');
}

function bodies(content, root) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    element('div', element('p', element('code', type)), element('pre', describe(schema, root))));
}

function operation(method, path, what, root) {
  const parts = [element('p', what.description ?? '')];
  const parameters = (what.parameters ?? []).map((each) => resolve(each, root));
  if (parameters.length > 0) {
    parts.push(table(['parameter', 'in', 'type', ''], parameters.map((each) =>
      [each.name + (each.required ? ' *' : ''), each.in, describe(each.schema, root), each.description ?? ''])));
  }
  const body = resolve(what.requestBody, root);
  if (body) parts.push(element('h4', 'Body'), ...bodies(body.content, root));
  for (const [status, answer] of Object.entries(what.responses)) {
    const said = resolve(answer, root);
    parts.push(element('details', element('summary', element('b', status), said.description ?? ''), ...bodies(said.content, root)));
  }
  const made = element('details', element('summary', element('b', method.toUpperCase()), element('code', path), ` ${what.summary ?? ''}`), ...parts);
  made.dataset.words = `${method} ${path} ${what.summary ?? ''} ${what.operationId ?? ''}`.toLowerCase();
  return made;
}

function event(name, message, root) {
  const said = resolve(message, root);
  const made = element('details', element('summary', element('code', name), ` ${said.summary ?? said.title ?? ''}`),
    element('pre', describe(said.payload, root)));
  made.dataset.words = name;
  return made;
}

function section(title, entries) {
  return element('section', element('h2', title), ...entries);
}

// A socket and what it says.
function channel(what, root) {
  const messages = Object.entries(what.messages).map(([name, message]) => event(name, message, root));
  return section(what.title, [element('p', element('code', what.address)), element('p', what.description ?? ''), ...messages]);
}

async function load(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const main = document.getElementById('operations');
try {
  const wantsAll = main.dataset.shows !== 'events';
  const [openapi, asyncapi] = await Promise.all([wantsAll ? load('/openapi.json') : { paths: {} }, load('/asyncapi.json')]);
  const byTag = new Map();
  for (const [path, methods] of Object.entries(openapi.paths)) {
    for (const [method, what] of Object.entries(methods)) {
      if (!what.responses) continue;
      const tag = what.tags?.[0] ?? 'more';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operation(method, path, what, openapi)]);
    }
  }
  main.replaceChildren(...[...byTag].map(([tag, entries]) => section(tag, entries)),
    ...Object.values(asyncapi.channels).map((each) => channel(each, asyncapi)));
} catch (failure) {
  main.replaceChildren(element('p', `The documents can't be read: ${failure.message}`));
}

document.getElementById('find').addEventListener('input', ({ target }) => {
  const wanted = target.value.trim().toLowerCase().split(/\s+/);
  for (const entry of main.querySelectorAll('details[data-words]')) {
    entry.hidden = !wanted.every((word) => entry.dataset.words.includes(word));
  }
  for (const part of main.querySelectorAll('section')) {
    part.hidden = part.querySelector('details[data-words]:not([hidden])') === null;
  }
});
