// The console and the pages of problems, walked by people: staff at a wide screen, a customer with a phone. Usage:
// node console.mjs QTABLE [STEP …]. Screenshots of every view are in screenshots/.
import { openBrowser, Program } from './harness.mjs';
import * as steps from './steps.mjs';

const [path, ...wanted] = process.argv.slice(2);
const program = new Program(path);
const browser = await openBrowser();
let code = 1;
try {
  await program.dev();
  const world = await steps.makeWorld(program);
  for (const [name, step] of Object.entries(steps.all)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const began = Date.now();
    await step({ program, browser, world });
    console.log(`ok ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
  await program.stop();
  code = 0;
} catch (failed) {
  console.error(failed.stack);
} finally {
  await browser.close();
  program.end();
}
process.exit(code);
