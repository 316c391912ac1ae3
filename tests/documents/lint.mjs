// Reads the two documents with the parsers and rules of Redocly and AsyncAPI. Usage: node lint.mjs OPENAPI ASYNCAPI
// Exit code 1 and one line per finding when one has any that isn't listed here with its reason.
import { readFileSync } from 'node:fs';
import { createConfig, lint } from '@redocly/openapi-core';
import { Parser } from '@asyncapi/parser';

const [openapi, asyncapi] = process.argv.slice(2);
const config = await createConfig({
  extends: ['recommended'],
  // Tags are named by what they are about.
  rules: { 'tag-description': 'off' },
});
// Questions about the server itself are always answered.
const without4xx = /^#\/paths\/~1(livez|readyz|healthz|metrics|version|openapi\.json|asyncapi\.json|problems|docs(~1events)?)\//;

const findings = [];
for (const found of await lint({ ref: openapi, config })) {
  const pointer = found.location?.[0]?.pointer ?? '';
  if (found.ruleId === 'operation-4xx-response' && without4xx.test(pointer)) continue;
  findings.push(`${openapi} ${pointer}: ${found.message} (${found.ruleId})`);
}
const { document, diagnostics } = await new Parser().parse(readFileSync(asyncapi, 'utf8'));
if (document === undefined) findings.push(`${asyncapi}: is no AsyncAPI document`);
for (const found of diagnostics) {
  // Version 3.0 is the one that tools know.
  if (found.code === 'asyncapi-latest-version') continue;
  findings.push(`${asyncapi} ${found.path?.join('/')}: ${found.message} (${found.code})`);
}
for (const each of findings) console.error(each);
if (findings.length === 0) console.log('both documents are clean');
process.exit(findings.length === 0 ? 0 : 1);
