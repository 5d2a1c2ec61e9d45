import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Handover, OneInstance, parseHandover } from './one-instance.ts';

const NOTHING: Handover = { sources: [], schemas: [] };

let folder: string;
let opened: OneInstance[];

function instance(): OneInstance {
  const made = new OneInstance(folder, (line) => expect(line).toBe(''));
  opened.push(made);
  return made;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-instance-'));
  opened = [];
});

afterEach(() => {
  for (const each of opened) each.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('two instances on one user folder', () => {
  it('are one: the second hands over what it was given, whole and in order', async () => {
    const first = instance();
    const second = instance();
    const taken: Handover[] = [];
    expect(first.claim()).toBe(true);
    first.listen((what) => taken.push(what));
    expect(second.claim()).toBe(false);
    expect(await second.handOver({ sources: ['sim:a', 'sim:ü'], schemas: ['/a b.json'] })).toBe(true);
    expect(await second.handOver(NOTHING)).toBe(true);
    expect(taken).toEqual([{ sources: ['sim:a', 'sim:ü'], schemas: ['/a b.json'] }, NOTHING]);
  });

  it('are told apart where the first does not answer: the second goes on by itself and kills nothing', async () => {
    const first = instance();
    const second = instance();
    expect(first.claim()).toBe(true);
    expect(second.claim()).toBe(false);
    expect(await second.handOver(NOTHING)).toBe(false);
  });

  it('wait for each other: one that has just begun is handed over to once it listens', async () => {
    const first = instance();
    const taken: Handover[] = [];
    expect(first.claim()).toBe(true);
    const later = [instance(), instance()].map((each, at) => each.settle({ ...NOTHING, sources: [`sim:${at}`] }));
    // They have looked once and found nobody who listens.
    await new Promise((resolve) => setImmediate(resolve));
    first.listen((what) => taken.push(what));
    expect(await Promise.all(later)).toEqual([true, true]);
    expect(taken.flatMap(({ sources }) => sources).sort()).toEqual(['sim:0', 'sim:1']);
  });

  it('wait for each other: one that is ending is followed by one that hands nothing over', async () => {
    const first = instance();
    expect(first.claim()).toBe(true);
    const second = instance();
    const settled = second.settle(null);
    await new Promise((resolve) => setImmediate(resolve));
    expect(second.isOne).toBe(false);
    first.close();
    expect(await settled).toBe(false);
    expect(second.isOne).toBe(true);
    expect(await instance().settle(null, 1)).toBe(false);
  });

  it('follow each other: what the first had is free at its end, and its socket does not stand in the way', async () => {
    const first = instance();
    first.claim();
    first.listen(() => undefined);
    first.close();
    const second = instance();
    const taken: Handover[] = [];
    expect(second.claim()).toBe(true);
    second.listen((what) => taken.push(what));
    expect(await instance().handOver({ ...NOTHING, sources: ['sim:b'] })).toBe(true);
    expect(taken).toHaveLength(1);
  });

  it('take nothing from a program that sends something else', async () => {
    const first = instance();
    first.claim();
    const taken: Handover[] = [];
    first.listen((what) => taken.push(what));
    for (const text of ['{"sources":[1]}\n', 'x'.repeat(100_000), '\n']) {
      const socket = connect(join(folder, 'instance.sock'));
      socket.on('error', () => undefined);
      socket.write(text);
      await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    }
    expect(taken).toEqual([]);
  });
});

it('accepts what an instance sends, and no other JSON', () => {
  const source = fc.string({ minLength: 1, maxLength: 4096 });
  fc.assert(
    fc.property(
      fc.array(source, { maxLength: 64 }),
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
      (sources, schemas) => {
        expect(parseHandover(JSON.stringify({ sources, schemas }))).toEqual({ sources, schemas });
      },
    ),
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (!('sources' in Object(JSON.parse(text)))) expect(parseHandover(text)).toBeNull();
    }),
  );
  const many = `[${'"a",'.repeat(64)}"a"]`;
  for (const bad of ['', '[]', 'null', '{"sources":[]}', '{"schemas":[]}', '{"sources":[],"schemas":7}'])
    expect(parseHandover(bad)).toBeNull();
  for (const bad of ['[""]', many, '[7]', `["${'x'.repeat(4097)}"]`]) {
    expect(parseHandover(`{"sources":${bad},"schemas":[]}`)).toBeNull();
    expect(parseHandover(`{"sources":[],"schemas":${bad}}`)).toBeNull();
  }
});
