import { expect, it } from 'vitest';
import type { Report } from '../../native/doctor/index.ts';
import { doctor } from './doctor.ts';

const examined = (severity: 'problem' | 'warning'): Report => ({
  facts: {
    system: 'windows',
    machine: 'x64',
    elevated: true,
    driver: {
      service: { ok: true, value: { state: 'stopped', exitError: 0 } },
      image: null,
      boot: { ok: true, value: null },
      device: missing,
    },
    security: { secureBoot: null, testSigning: null, hvci: null },
    debugFilter: { ok: true, value: new Map([['DEFAULT', 15]]) },
    debugOutput: { session: false, global: false, viewers: [] },
    tracing: { sessions: { ok: true, value: [] }, leftBehind: [], weak: [] },
  },
  findings: [
    { severity, what: 'It is not there', fix: 'Bring it', failure: { ...missing.failure } },
    { severity: 'fine', what: 'The rest is', fix: null },
  ],
});
const missing = {
  ok: false,
  failure: { code: 'source-not-found', message: 'm', action: 'a', system: { code: '2', text: 'not found' } },
} as const;
const plain = { json: false, setMask: null };

it('prints each finding with its fix, and fails on a problem', () => {
  const { text, failure, problems } = doctor(plain, () => examined('problem'));
  expect(text).toBe('problem  It is not there (2: not found)\n         Bring it\nfine     The rest is\n');
  expect([failure, problems]).toEqual([null, true]);
  expect(doctor(plain, () => examined('warning')).problems).toBe(false);
});

it('prints the same as one line of JSON, tables included', () => {
  const { text } = doctor({ ...plain, json: true }, () => examined('warning'));
  expect(text.split('\n').length).toBe(2);
  const report = JSON.parse(text);
  expect(report.findings[0].fix).toBe('Bring it');
  expect(report.facts.debugFilter.value).toEqual({ DEFAULT: 15 });
});

it('refuses a mask it cannot set, without examining', () => {
  const { failure, text } = doctor({ json: false, setMask: 'nonsense' }, () => expect.unreachable('examined'));
  expect(failure?.code).toBe('bad-argument');
  expect(text).toBe('');
});
