/**
 * The TypeScript reader on hostile images. The test lies beside the reader (native/core/hostile.test.ts) and runs with the
 * unit tests; here it runs longer, and over what the fuzzer of the C reader has learned as well.
 */
import { join } from 'node:path';
import { amount, buildDir, ROOT } from '../lib/context.mjs';
import { run } from '../lib/process.mjs';

const TEST = 'native/core/hostile.test.ts';

/** @typedef {{ images: number, refused: number, read: number, moving: number, rows: number, inputs: number }} Figures */

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runDecoder(context) {
  const program = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const { code, out } = await run(process.execPath, [program, 'run', TEST], {
    cwd: ROOT,
    seconds: 240,
    env: {
      NO_COLOR: '1',
      RINGVIEW_HOSTILE: String(context.quick ? Math.round(4000 * context.effort()) : 200_000),
      RINGVIEW_HOSTILE_SEED: String(Date.now() % 1_000_003),
      RINGVIEW_HOSTILE_CORPUS: buildDir('corpus', 'reader'),
    },
  });
  const line = /hostile (\{.*\})/.exec(out)?.[1];
  const figures = /** @type {Figures | null} */ (line === undefined ? null : JSON.parse(line));
  const ok = code === 0 && figures !== null && figures.read > 0 && figures.refused > 0;
  return [
    {
      method: 'Hostile images (TypeScript)',
      explored:
        figures === null
          ? 'nothing'
          : `${amount(figures.images)} images, golden ones changed and ${figures.inputs} inputs of libFuzzer's, ${amount(figures.moving)} changing while read; ${amount(figures.rows)} rows`,
      found: ok ? `${amount(figures.refused)} refused by name; figures add up in the others` : 'a finding',
      ok,
      details: ok ? [] : [out.slice(-3000)],
    },
  ];
}
