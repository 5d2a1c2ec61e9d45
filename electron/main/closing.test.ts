/** Closing asks once, and only while rows go that nothing keeps. */
import type { BrowserWindow } from 'electron';
import { describe, expect, it } from 'vitest';
import type { RecordingStatus } from '../contract/retention.ts';
import { askBeforeClosing, type ClosedSession, unkeptRows } from './closing.ts';

const failure = { code: 'disk-full', message: 'The disk is full', action: 'Make room' } as const;
const FILE = {};

function session(rows: number, file: unknown, recording: RecordingStatus | null, recordedAt: string | null = null) {
  return {
    ...{ store: { rowCount: rows }, recordedAt },
    facts: () => ({ sources: [{ info: { file: FILE } }, { info: { file } }] }),
    status: () => ({ retention: { recording } }),
  } as unknown as ClosedSession;
}

/** What askBeforeClosing uses of a window, and how often it was closed. */
class Closed {
  closes = 0;
  private listener: (event: { preventDefault: () => void }) => void = () => {};
  on(_: string, listener: (event: { preventDefault: () => void }) => void): void {
    this.listener = listener;
  }
  isDestroyed(): boolean {
    return false;
  }
  close(): void {
    let prevented = false;
    this.listener({
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.closes++;
  }
}

describe('rows that go with the window', () => {
  it('are those of live sources that no recording has', () => {
    const well = { name: 'a', goneRows: 0, failure: null };
    const kept = [session(7, undefined, well), session(7, FILE, null), session(0, undefined, null)];
    expect(unkeptRows(kept, 0)).toBe(0);
    expect(unkeptRows([session(7, undefined, null, 'opened again')], 0)).toBe(0);
    expect(unkeptRows([...kept, session(5, undefined, null), session(3, undefined, { ...well, failure })], 0)).toBe(8);
  });

  it('are asked about once, and the window stays while the person thinks', async () => {
    const window = new Closed();
    const answers: ((closes: boolean) => void)[] = [];
    let rows = 0;
    const asked: number[] = [];
    askBeforeClosing(
      window as unknown as BrowserWindow,
      () => rows,
      (count) => {
        asked.push(count);
        return new Promise((resolve) => answers.push(resolve));
      },
    );
    window.close();
    expect(window.closes).toBe(1);
    rows = 5;
    window.close();
    window.close();
    expect([window.closes, asked]).toEqual([1, [5]]);
    answers[0]?.(false);
    await Promise.resolve();
    expect(window.closes).toBe(1);
    window.close();
    answers[1]?.(true);
    await Promise.resolve();
    expect([window.closes, asked]).toEqual([2, [5, 5]]);
  });
});
