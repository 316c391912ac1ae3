// Reads the text format of /metrics: samples with their labels, and quantiles out of histograms.

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function parseMetrics(text) {
  const families = new Map();
  for (const line of text.split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const found = LINE.exec(line);
    if (!found) continue;
    const labels = Object.fromEntries([...(found[2] ?? '').matchAll(LABEL)].map(([, key, value]) => [key, value.replace(/\\(.)/g, '$1')]));
    if (!families.has(found[1])) families.set(found[1], []);
    families.get(found[1]).push({ labels, value: Number(found[3]) });
  }
  return families;
}

export const total = (families, name, fits = () => true) =>
  (families.get(name) ?? []).filter((each) => fits(each.labels)).reduce((sum, each) => sum + each.value, 0);

export const perCore = (families, name) => new Map((families.get(name) ?? []).filter((each) => each.labels.core !== undefined)
  .map((each) => [each.labels.core, each.value]));

// Of what came between two readings; linear within a bucket. NaN when nothing came.
export function quantile(before, now, name, q, fits = () => true) {
  const counts = new Map();
  for (const [families, sign] of [[now, 1], [before, -1]]) {
    for (const { labels, value } of families?.get(`${name}_bucket`) ?? []) {
      if (!fits(labels)) continue;
      const edge = labels.le === '+Inf' ? Infinity : Number(labels.le);
      counts.set(edge, (counts.get(edge) ?? 0) + sign * value);
    }
  }
  const edges = [...counts].sort(([a], [b]) => a - b);
  const all = edges.at(-1)?.[1] ?? 0;
  if (all <= 0) return NaN;
  let low = 0, below = 0;
  for (const [edge, count] of edges) {
    if (count >= q * all) return edge === Infinity ? low : low + (edge - low) * ((q * all - below) / Math.max(1, count - below));
    low = edge;
    below = count;
  }
  return low;
}

export const histograms = (families) => [...families.keys()].filter((name) => name.endsWith('_seconds_bucket')).map((name) => name.slice(0, -'_bucket'.length));
