/** `ringview schema`: what is looked at, made and refused, through files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../../native/core/result.ts';
import { parseCommand } from './args.ts';
import { schema } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-schema-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<Result<string>> {
  const command = parseCommand(['schema', ...args]);
  if (!command.ok) return command;
  if (command.value.do !== 'schema') throw new Error(`it is ${command.value.do}`);
  return schema(command.value.request);
}

const HEADER = `#define LAB_TYPE_REQUEST 16
typedef struct lab_request { uint32_t size; /* bytes */ } lab_request;
`;
const header = join(folder, 'lab.h');
writeFileSync(header, HEADER);

describe('ringview schema', () => {
  it('makes a schema of a header, looks at it, and makes a header of it again', async () => {
    const json = join(folder, 'my lab.json');
    expect(await run('from', header, '--out', json)).toEqual({ ok: true, value: '' });
    expect(await run('check', json)).toEqual({ ok: true, value: `${json}: request, type 16 (0x10)\n` });
    const made = await run('header', json);
    expect(made).toMatchObject({ ok: true, value: expect.stringContaining('} my_lab_request;') });
    const out = join(folder, 'again.h');
    await run('header', json, '--prefix', 'lab', '-o', out);
    expect(readFileSync(out, 'utf8')).toContain('    uint32_t size; /* bytes */');
  });

  it('says what is wrong with the name of the file', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{}');
    expect(await run('check', broken)).toMatchObject({
      ok: false,
      failure: { code: 'bad-argument', message: "broken.json: line 1: 'ringview_schema' is missing" },
    });
    writeFileSync(join(folder, 'broken.h'), 'struct x {\n int a; };');
    expect(await run('from', join(folder, 'broken.h'))).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/^broken\.h: line 2: 'int' has no fixed width/) },
    });
    expect(await run('from', join(folder, 'none.h'))).toMatchObject({
      ok: false,
      failure: { code: 'io-error' },
    });
  });

  it.each([
    [['check'], 'FILE is missing'],
    [['make', 'x'], "schema: 'make' is none of check, header, from"],
    [['from', 'a', 'b'], "'b' is one too many: one file at a time"],
    [['from', 'a', '--prefix', 'b'], '--prefix is for header'],
    [['check', 'a', '--out', 'b'], '--out is for header and from'],
  ])('refuses %j', async (args, message) => {
    expect(await run(...args)).toMatchObject({ ok: false, failure: { code: 'bad-argument', message } });
  });
});
