import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress.ts';

function told(terminal: boolean) {
  const said: string[] = [];
  const clock = { now: 0 };
  const line = new ProgressLine('convert', { now: () => clock.now, write: (text) => said.push(text), terminal });
  return { said, clock, line };
}

describe('the progress of a command', () => {
  it('is told on a terminal once it takes more than a second, now and then, and taken away at the end', () => {
    const { said, clock, line } = told(true);
    line.tell(0.1, 10);
    clock.now = 999;
    line.tell(0.2, 20);
    expect(said).toEqual([]);
    clock.now = 1000;
    line.tell(0.3, 3000);
    clock.now = 1199;
    line.tell(0.4, 4000);
    clock.now = 1200;
    line.tell(null, 5000);
    line.end();
    line.end();
    expect(said).toEqual(['\r\u001b[Kconvert: 30 %, 3,000 rows', '\r\u001b[Kconvert: 5,000 rows', '\r\u001b[K']);
  });

  it('is silent for a pipe, and where there was nothing to take away', () => {
    const { said, clock, line } = told(false);
    clock.now = 5000;
    line.tell(0.5, 1);
    line.end();
    const quick = told(true);
    quick.line.end();
    expect([said, quick.said]).toEqual([[], []]);
  });
});
