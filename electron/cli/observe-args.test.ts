import { describe, expect, it } from 'vitest';
import { parseCommand } from './args.ts';
import { describeObserver } from './observer.ts';

const parse = (line: string) => parseCommand(line.split(' '));

describe('driver --name', () => {
  it('reads what to do with the drivers of connections and files', () => {
    expect(parse('driver install --name net')).toEqual({
      ok: true,
      value: { do: 'observer', request: { verb: 'install', name: 'net', path: 'ringview-net.sys' } },
    });
    expect(parse('driver install --name file --path a.sys')).toMatchObject({ value: { request: { path: 'a.sys' } } });
    for (const verb of ['start', 'stop', 'remove', 'status']) {
      expect(parse(`driver ${verb} --name file`)).toEqual({
        ok: true,
        value: { do: 'observer', request: { verb, name: 'file' } },
      });
    }
    // Without a name they are those of ringview.sys, as they were.
    expect(parse('driver start')).toMatchObject({ value: { do: 'driver' } });
  });

  it('reads what such a driver is to report', () => {
    expect(parse('driver observe --name net --on connect,close --pid 4,77 --leave-out 5')).toMatchObject({
      value: {
        request: {
          settings: {
            operations: ['connect', 'close'],
            leftOutPid: 5,
            pids: { mode: 'include', list: [4, 77] },
            paths: { mode: 'all', list: [] },
          },
        },
      },
    });
    expect(parse('driver observe --name file --on all --in-path .log --in-path temp --except')).toMatchObject({
      value: {
        request: {
          settings: {
            operations: ['create', 'read', 'write', 'rename', 'delete', 'close'],
            pids: { mode: 'all' },
            paths: { mode: 'exclude', list: ['.log', 'temp'] },
          },
        },
      },
    });
    expect(parse('driver observe --name file --on none')).toMatchObject({
      value: { request: { settings: { operations: [] } } },
    });
    expect(parse('driver observe --name file --on read,paging').ok).toBe(true);
  });

  it.each([
    ['driver observe --on all', '--name'],
    ['driver observe --name net', '--on'],
    ['driver observe --name disk --on all', "'disk' is none of net, file"],
    ['driver observe --name net --on read', "'read' is none of connect"],
    ['driver observe --name net --on all --pid x', "'x' is not a whole number"],
    ['driver observe --name net --on all --path x', 'has no option --path'],
    ['driver start --name net --on all', 'driver start --name net has no option --on'],
    ['driver configure --name net', 'driver configure has no option --name'],
    ['driver mask nic --name net', 'driver mask has no option --name'],
    ['driver start --on all', 'driver start has no option --on'],
  ])('refuses %s', (line, words) => {
    const parsed = parse(line);
    expect(parsed.ok ? '' : parsed.failure.message).toContain(words);
  });

  it('says what a driver reports and counts', () => {
    const state = {
      operations: ['connect'],
      leftOutPid: 0,
      pids: { mode: 'all', list: [] },
      paths: { mode: 'all', list: [] },
      attached: true,
      lost: 1,
      noMemory: 2,
      noRoom: 3,
      engineCode: 0,
    } as const;
    expect(describeObserver('net', state)).toBe(
      'ringview-net.sys: logs\nreports connect\n1 lost, 2 without memory, 3 without room',
    );
    const told = describeObserver('net', {
      ...state,
      operations: [],
      leftOutPid: 9,
      pids: { mode: 'exclude', list: [4] },
      paths: { mode: 'include', list: ['a', 'b'] },
      attached: false,
      engineCode: 0xc0220001,
    });
    expect(told).toContain('ringview.sys is not loaded; the filter engine refuses it (0xc0220001)');
    expect(told).toContain('reports nothing: exclude processes 4; include paths with a, b; never process 9');
  });
});
