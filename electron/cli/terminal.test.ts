import { describe, expect, it } from 'vitest';
import { frameText, keysIn, terminalManner } from './terminal.ts';

describe('keysIn', () => {
  it.each([
    ['q', ['quit']],
    ['Q', ['quit']],
    ['\u0003', ['quit']],
    ['\u0004', ['quit']],
    [' ', ['pause']],
    ['x  q', ['pause', 'pause', 'quit']],
    ['\u001b[A', []],
    ['\u001bOq', []],
    ['', []],
  ])('reads %j', (sent, keys) => {
    expect(keysIn(sent)).toEqual(keys);
  });
});

describe('terminalManner', () => {
  it.each([
    [false, {}, 'plain lines'],
    [true, { TERM: 'dumb' }, 'plain lines'],
    [true, { NO_COLOR: '1' }, 'no colour'],
    [true, { NO_COLOR: '' }, 'colour'],
    [true, { TERM: 'xterm' }, 'colour'],
  ] as const)('terminal %s with %j: %s', (isTerminal, env, manner) => {
    expect(terminalManner(isTerminal, env)).toBe(manner);
  });
});

it('draws new lines over the last line and that again below them', () => {
  const status = [{ text: 's', meaning: 'status' as const }];
  expect(frameText({ lines: [[{ text: 'a', meaning: 'plain' }]], status }, false)).toBe('\r\u001b[0m\u001b[Ka\r\ns');
});
