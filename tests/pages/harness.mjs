// The program with its own PostgreSQL, a browser that notes what it should never do, and judges.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
export const SCHEMES = ['light', 'dark'];
const START_S = 60, STOP_S = 30;
const AXE = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SHOTS = new URL('screenshots/', import.meta.url).pathname;

export function check(is, what) {
  if (!is) throw new Error(what);
}

export async function until(probe, what, timeout_s = 30) {
  const end = Date.now() + timeout_s * 1000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${timeout_s} s: ${what}`);
    await new Promise((resume) => { setTimeout(resume, 50); });
  }
}

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

// `qtable dev`, or `qtable serve` on a database that runs already.
export class Program {
  constructor(path) {
    this.path = path;
    this.folder = mkdtempSync(join(tmpdir(), 'qtable-pages-'));
    chmodSync(this.folder, 0o755); // as root the database runs as another user
    this.data = join(this.folder, 'data');
    this.others = [];
  }

  async start(command, ...options) {
    let log = '';
    const port = await freePort();
    const running = spawn(this.path, [command, '--port', String(this.port ?? port), ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.stdout.on('data', (text) => { log += text; });
    running.stderr.on('data', (text) => { log += text; });
    running.log = () => log;
    running.ended = new Promise((resolve) => { running.on('exit', resolve); });
    await until(() => {
      check(running.exitCode === null, `qtable ${command} ended with ${running.exitCode}: ${log}`);
      return log.includes('listening on ');
    }, `qtable ${command} listens`, START_S);
    return { running, base: /listening on (\S+)/.exec(log)[1] };
  }

  async dev() {
    const { running, base } = await this.start('dev', '--data-dir', this.data, '--no-fsync');
    Object.assign(this, { running, base, port: Number(new URL(base).port) });
  }

  // Beside the other one, on its database; for looking only.
  async serve(...options) {
    const { port } = this;
    this.port = undefined;
    const folder = join(this.data, 'postgres');
    const told = join(folder, 'socket_dir');
    const where = existsSync(told) ? readFileSync(told, 'utf8').trim() : join(folder, 'run');
    const started = await this.start('serve', '--database', `host=${where} user=qtable dbname=qtable`, '--token-key', 'k'.repeat(48), ...options);
    this.port = port;
    this.others.push(started.running);
    return started;
  }

  async stop(running = this.running) {
    running.kill('SIGTERM');
    const late = setTimeout(() => running.kill('SIGKILL'), STOP_S * 1000);
    const code = await running.ended;
    clearTimeout(late);
    check(code === 0, `exit code ${code}: ${running.log().slice(-2000)}`);
  }

  async kill() {
    this.running.kill('SIGKILL');
    await this.running.ended;
  }

  end() {
    for (const each of [this.running, ...this.others]) each?.kill('SIGKILL');
    for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
      try {
        if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${this.data}/`)) process.kill(Number(pid), 'SIGKILL');
      } catch { /* it has ended, or is somebody else's */ }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async api(method, path, { body, token, status = 200 } = {}) {
    const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    check(answer.status === status, `${method} ${path}: ${answer.status} ${text.slice(0, 400)}`);
    return text && /json/.test(answer.headers.get('Content-Type')) ? JSON.parse(text) : text;
  }
}

export async function openBrowser() {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((each) => existsSync(each));
  if (!path) {
    console.log('skipped: no Chromium is installed');
    process.exit(77);
  }
  try {
    return await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  } catch (failed) {
    console.log(`skipped: the browser can't start: ${failed.message.split('\n')[0]}`);
    process.exit(77);
  }
  return null;
}

// A person at a browser of their own.
export class Visitor {
  faults = [];
  #tolerated = [];

  static async open(browser, base, size = 'wide', scheme = 'light') {
    const made = new Visitor();
    made.base = base;
    made.size = size;
    made.scheme = scheme;
    made.context = await browser.newContext({ viewport: SIZES[size], colorScheme: scheme, reducedMotion: 'reduce', isMobile: size === 'narrow', hasTouch: size === 'narrow' });
    made.page = await made.context.newPage();
    made.page.setDefaultTimeout(30_000);
    made.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) made.#note(`console: ${message.text()} ${message.location().url}`);
    });
    made.page.on('pageerror', (error) => made.#note(`error: ${error.stack}`));
    const isOwn = (url) => url.startsWith('data:') || url.replace(/^ws/, 'http').startsWith(`${base}/`);
    made.page.on('request', (request) => isOwn(request.url()) || made.#note(`asks outside: ${request.url()}`));
    made.page.on('websocket', (socket) => isOwn(socket.url()) || made.#note(`connects outside: ${socket.url()}`));
    return made;
  }

  #note(fault) {
    if (!this.#tolerated.some((each) => each.test(fault))) this.faults.push(fault);
  }

  // What the browser itself writes when an answer is an error, while a test asks for one.
  async tolerating(pattern, work) {
    this.#tolerated.push(pattern);
    await work();
    await this.page.waitForTimeout(100);
    this.#tolerated.pop();
  }

  async goto(view) {
    await this.page.goto(`${this.base}/console#/${view}`);
    await this.page.waitForSelector('#view > *:not(.boot)');
  }

  async logIn() {
    await this.page.getByRole('button', { name: /^Use owner@demo/ }).click();
    await this.page.waitForSelector('#live.live');
  }

  // `notOurs`: a part of the page that others made.
  async judge(name, { isFull = true, notOurs } = {}) {
    mkdirSync(SHOTS, { recursive: true });
    const { width, height } = SIZES[this.size], where = `${name} ${this.size} ${this.scheme}`;
    const taken = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    if (isFull && taken[1] > height) await this.page.setViewportSize({ width, height: taken[1] });
    await this.page.screenshot({ path: `${SHOTS}${name}-${width}-${this.scheme}.png` });
    if (isFull && taken[1] > height) await this.page.setViewportSize({ width, height });
    check(taken[0] <= width, `${where}: ${taken[0] - width} px wider than the window`);
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async (part) => (await globalThis.axe.run(part ? { exclude: [[part]] } : document)).violations.map((each) =>
      `${each.id}: ${each.nodes.slice(0, 4).map((node) => `${node.target} ${node.any[0]?.message ?? node.html.slice(0, 120)}`).join(' | ')}`), notOurs);
    check(found.length === 0, `${where}: axe-core finds\n${found.join('\n')}`);
  }

  async close() {
    await this.context.close();
    check(this.faults.length === 0, `the browser noted:\n${this.faults.join('\n')}`);
  }
}
